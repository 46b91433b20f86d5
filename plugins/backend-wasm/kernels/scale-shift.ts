import { applyActivation, NONE, SWISH } from './activation';
import { floats, multiplyAdd, put, take } from './lanes';

/** y = activation(x · scale + shift) over x [rows, c]. */
export function scaleShift(
  x: usize,
  y: usize,
  rows: i32,
  channels: i32,
  scale: usize,
  shift: usize,
  kind: i32,
): void {
  // Inlined three times, twice with a constant, so that the common activations' loops have no branches.
  if (kind == SWISH) transformRows(x, y, rows, channels, scale, shift, SWISH);
  else if (kind == NONE) transformRows(x, y, rows, channels, scale, shift, NONE);
  else transformRows(x, y, rows, channels, scale, shift, kind);
}

@inline
function transformRows(
  x: usize, y: usize, rows: i32, channels: i32, scale: usize, shift: usize, kind: i32,
): void {
  const full = channels & ~3;
  const rest = channels - full;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < full; j += 4) {
      const at = floats(j);
      const z = multiplyAdd(v128.load(shift + at), v128.load(x + at), v128.load(scale + at));
      v128.store(y + at, applyActivation(kind, z));
    }
    if (rest) {
      const at = floats(full);
      const z = multiplyAdd(take(shift + at, rest), take(x + at, rest), take(scale + at, rest));
      put(y + at, applyActivation(kind, z), rest);
    }
    x += floats(channels);
    y += floats(channels);
  }
}
