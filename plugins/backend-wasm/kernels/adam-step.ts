import { floats, multiplyAdd, put, take } from './lanes';

/**
 * One parameter's Adam step over `size` floats. `rate` is learningRate / (1 − beta1^step), `secondCorrection`
 * 1 / (1 − beta2^step).
 */
export function adamStep(
  parameter: usize,
  gradient: usize,
  first: usize,
  second: usize,
  newParameter: usize,
  newFirst: usize,
  newSecond: usize,
  size: i32,
  rate: f32,
  secondCorrection: f32,
  decay: f32,
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  epsilon: f32,
): void {
  for (let i = 0; i < size; i += 4) {
    const lanes = min(4, size - i);
    const at = floats(i);
    const p = take(parameter + at, lanes);
    const g = multiplyAdd(take(gradient + at, lanes), f32x4.splat(decay), p);
    const m = multiplyAdd(
      f32x4.mul(take(first + at, lanes), f32x4.splat(beta1)),
      g,
      f32x4.splat(oneMinusBeta1),
    );
    const v = multiplyAdd(
      f32x4.mul(take(second + at, lanes), f32x4.splat(beta2)),
      f32x4.mul(g, g),
      f32x4.splat(oneMinusBeta2),
    );
    const root = f32x4.sqrt(f32x4.mul(v, f32x4.splat(secondCorrection)));
    const step = f32x4.div(f32x4.mul(m, f32x4.splat(rate)), f32x4.add(root, f32x4.splat(epsilon)));
    put(newParameter + at, f32x4.sub(p, step), lanes);
    put(newFirst + at, m, lanes);
    put(newSecond + at, v, lanes);
  }
}
