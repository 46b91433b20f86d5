import { floats, multiplyAdd, put, take } from './lanes';

/** y [n, pixels, c] = x · gate [n,c]. */
export function channelGate(x: usize, gate: usize, y: usize, batch: i32, pixels: i32, channels: i32): void {
  const full = channels & ~3;
  const rest = channels - full;
  for (let image = 0; image < batch; image++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let j = 0; j < full; j += 4) {
        const at = floats(j);
        v128.store(y + at, f32x4.mul(v128.load(x + at), v128.load(gate + at)));
      }
      const at = floats(full);
      if (rest) put(y + at, f32x4.mul(take(x + at, rest), take(gate + at, rest)), rest);
      x += floats(channels);
      y += floats(channels);
    }
    gate += floats(channels);
  }
}

/** dx = dy · gate and dgate [n,c] = Σ over pixels of dy · x. */
export function channelGateGrad(
  dy: usize, x: usize, gate: usize, dx: usize, dgate: usize, batch: i32, pixels: i32, channels: i32,
): void {
  for (let image = 0; image < batch; image++) {
    for (let j = 0; j < channels; j += 4) {
      const at = floats(j);
      gateChannels(dy + at, x + at, gate + at, dx + at, dgate + at, pixels, floats(channels), min(4, channels - j));
    }
    dy += floats(pixels * channels);
    x += floats(pixels * channels);
    dx += floats(pixels * channels);
    gate += floats(channels);
    dgate += floats(channels);
  }
}

@inline
function gateChannels(
  dy: usize, x: usize, gate: usize, dx: usize, dgate: usize, pixels: i32, step: usize, lanes: i32,
): void {
  const factor = take(gate, lanes);
  let sum = f32x4.splat(0);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const gradient = take(dy, lanes);
    sum = multiplyAdd(sum, gradient, take(x, lanes));
    put(dx, f32x4.mul(gradient, factor), lanes);
    dy += step;
    x += step;
    dx += step;
  }
  put(dgate, sum, lanes);
}
