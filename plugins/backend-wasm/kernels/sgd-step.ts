import { floats, multiplyAdd, put, take } from './lanes';

/** One parameter's step of gradient descent with momentum over `size` floats; Nesterov's form as PyTorch writes it. */
export function sgdStep(
  parameter: usize,
  gradient: usize,
  buffer: usize,
  newParameter: usize,
  newBuffer: usize,
  size: i32,
  rate: f32,
  decay: f32,
  momentum: f32,
  nesterov: i32,
): void {
  const minusRate = f32x4.splat(-rate);
  for (let i = 0; i < size; i += 4) {
    const lanes = min(4, size - i);
    const at = floats(i);
    const p = take(parameter + at, lanes);
    const g = multiplyAdd(take(gradient + at, lanes), f32x4.splat(decay), p);
    const b = multiplyAdd(g, f32x4.splat(momentum), take(buffer + at, lanes));
    const direction = nesterov ? multiplyAdd(g, f32x4.splat(momentum), b) : b;
    put(newParameter + at, multiplyAdd(p, minusRate, direction), lanes);
    put(newBuffer + at, b, lanes);
  }
}
