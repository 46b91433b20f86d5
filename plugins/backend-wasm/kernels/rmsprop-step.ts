import { floats, multiplyAdd, put, take } from './lanes';

/** One parameter's RMSProp step over `size` floats, in TensorFlow's form (epsilon inside the root). */
export function rmspropStep(
  parameter: usize,
  gradient: usize,
  meanSquare: usize,
  buffer: usize,
  newParameter: usize,
  newMeanSquare: usize,
  newBuffer: usize,
  size: i32,
  rate: f32,
  weightDecay: f32,
  decay: f32,
  oneMinusDecay: f32,
  momentum: f32,
  epsilon: f32,
): void {
  for (let i = 0; i < size; i += 4) {
    const lanes = min(4, size - i);
    const at = floats(i);
    const p = take(parameter + at, lanes);
    const g = multiplyAdd(take(gradient + at, lanes), f32x4.splat(weightDecay), p);
    const square = multiplyAdd(
      f32x4.mul(take(meanSquare + at, lanes), f32x4.splat(decay)),
      f32x4.mul(g, g),
      f32x4.splat(oneMinusDecay),
    );
    const root = f32x4.sqrt(f32x4.add(square, f32x4.splat(epsilon)));
    const step = f32x4.div(f32x4.mul(g, f32x4.splat(rate)), root);
    const b = multiplyAdd(step, f32x4.splat(momentum), take(buffer + at, lanes));
    put(newParameter + at, f32x4.sub(p, b), lanes);
    put(newMeanSquare + at, square, lanes);
    put(newBuffer + at, b, lanes);
  }
}
