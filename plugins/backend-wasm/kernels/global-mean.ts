import { floats, put, take } from './lanes';

/** y [n,c] = mean over the pixels of x [n, pixels, c]. */
export function globalMean(x: usize, y: usize, batch: i32, pixels: i32, channels: i32): void {
  const share = f32x4.splat(<f32>1 / <f32>pixels);
  for (let image = 0; image < batch; image++) {
    for (let j = 0; j < channels; j += 4) {
      const lanes = min(4, channels - j);
      put(y + floats(j), f32x4.mul(sumPixels(x + floats(j), pixels, floats(channels), lanes), share), lanes);
    }
    x += floats(pixels * channels);
    y += floats(channels);
  }
}

@inline
function sumPixels(x: usize, pixels: i32, step: usize, lanes: i32): v128 {
  let even = f32x4.splat(0);
  let odd = even;
  let pixel = 0;
  for (; pixel + 2 <= pixels; pixel += 2) {
    even = f32x4.add(even, take(x, lanes));
    odd = f32x4.add(odd, take(x + step, lanes));
    x += 2 * step;
  }
  if (pixel < pixels) even = f32x4.add(even, take(x, lanes));
  return f32x4.add(even, odd);
}

/** dx [n, pixels, c] = dy [n,c] / pixels. */
export function globalMeanGrad(dy: usize, dx: usize, batch: i32, pixels: i32, channels: i32): void {
  const share = f32x4.splat(<f32>1 / <f32>pixels);
  for (let image = 0; image < batch; image++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      spread(dy, dx, channels, share);
      dx += floats(channels);
    }
    dy += floats(channels);
  }
}

@inline
function spread(dy: usize, dx: usize, channels: i32, share: v128): void {
  const full = channels & ~3;
  const rest = channels - full;
  for (let j = 0; j < full; j += 4) {
    const at = floats(j);
    v128.store(dx + at, f32x4.mul(v128.load(dy + at), share));
  }
  const at = floats(full);
  if (rest) put(dx + at, f32x4.mul(take(dy + at, rest), share), rest);
}
