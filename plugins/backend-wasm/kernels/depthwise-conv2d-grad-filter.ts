import { GROUP_CHANNELS, gatherPlane, PIXEL_BYTES, Plane } from './depthwise-plane';
import { floats, multiplyAdd } from './lanes';

/**
 * Adds every tap's Σ x · dy to `sums`, packed as the filter, which the caller zeroed. Each image is summed by itself
 * first (in `imageSums`, four vectors a tap), which keeps the rounding error small. The table has the taps' byte offsets
 * in x's plane; `dyPlane`'s columns are filled up with zeros to a multiple of 7 or 4.
 */
export function depthwiseGradFilter(
  x: usize, dy: usize, sums: usize, taps: i32, table: usize, xSizes: usize, dySizes: usize, xRowStep: i32,
  xScratch: usize, dyScratch: usize, imageSums: usize, batch: i32,
): void {
  const xPlane = changetype<Plane>(xSizes);
  const dyPlane = changetype<Plane>(dySizes);
  for (let image = 0; image < batch; image++) {
    let block = sums;
    for (let channel = 0; channel < xPlane.channels; channel += GROUP_CHANNELS) {
      gatherPlane(x, xPlane, channel, xScratch);
      gatherPlane(dy, dyPlane, channel, dyScratch);
      const vectors = (min(GROUP_CHANNELS, xPlane.channels - channel) + 3) >> 2;
      const bytes = <usize>(vectors * taps) << 4;
      memory.fill(imageSums, 0, bytes);
      sumImage(xScratch, xRowStep, dyScratch, dyPlane, vectors, table, taps, imageSums);
      addVectors(block, imageSums, vectors * taps);
      block += bytes;
    }
    x += floats(xPlane.height * xPlane.width * xPlane.channels);
    dy += floats(dyPlane.height * dyPlane.width * dyPlane.channels);
  }
}

function sumImage(
  x: usize, xRowStep: i32, dy: usize, dyPlane: Plane, vectors: i32, table: usize, taps: i32, sums: usize,
): void {
  for (let row = 0; row < dyPlane.rows; row++) {
    for (let vector = 0; vector < vectors; vector++) {
      const lane = <usize>vector << 4;
      sumRow(x + lane, dy + lane, dyPlane.columns, table, taps, sums + <usize>taps * lane);
    }
    x += xRowStep;
    dy += <usize>(dyPlane.columns * PIXEL_BYTES);
  }
}

@inline
function sumRow(x: usize, dy: usize, columns: i32, table: usize, taps: i32, sums: usize): void {
  if (columns % 7 == 0) {
    for (let column = 0; column < columns; column += 7) {
      const at = <usize>(column * PIXEL_BYTES);
      sumSeven(x + at, dy + at, table, taps, sums);
    }
  } else {
    for (let column = 0; column < columns; column += 4) {
      const at = <usize>(column * PIXEL_BYTES);
      sumFour(x + at, dy + at, table, taps, sums);
    }
  }
}

@inline
function sumSeven(x: usize, dy: usize, table: usize, taps: i32, sums: usize): void {
  const d0 = v128.load(dy);
  const d1 = v128.load(dy, PIXEL_BYTES);
  const d2 = v128.load(dy, 2 * PIXEL_BYTES);
  const d3 = v128.load(dy, 3 * PIXEL_BYTES);
  const d4 = v128.load(dy, 4 * PIXEL_BYTES);
  const d5 = v128.load(dy, 5 * PIXEL_BYTES);
  const d6 = v128.load(dy, 6 * PIXEL_BYTES);
  for (const end = table + (<usize>taps << 2); table < end; table += 4) {
    const at = x + load<u32>(table);
    let even = f32x4.mul(d0, v128.load(at));
    let odd = f32x4.mul(d1, v128.load(at, PIXEL_BYTES));
    even = multiplyAdd(even, d2, v128.load(at, 2 * PIXEL_BYTES));
    odd = multiplyAdd(odd, d3, v128.load(at, 3 * PIXEL_BYTES));
    even = multiplyAdd(even, d4, v128.load(at, 4 * PIXEL_BYTES));
    odd = multiplyAdd(odd, d5, v128.load(at, 5 * PIXEL_BYTES));
    even = multiplyAdd(even, d6, v128.load(at, 6 * PIXEL_BYTES));
    v128.store(sums, f32x4.add(v128.load(sums), f32x4.add(even, odd)));
    sums += 16;
  }
}

@inline
function sumFour(x: usize, dy: usize, table: usize, taps: i32, sums: usize): void {
  const d0 = v128.load(dy);
  const d1 = v128.load(dy, PIXEL_BYTES);
  const d2 = v128.load(dy, 2 * PIXEL_BYTES);
  const d3 = v128.load(dy, 3 * PIXEL_BYTES);
  for (const end = table + (<usize>taps << 2); table < end; table += 4) {
    const at = x + load<u32>(table);
    const even = multiplyAdd(f32x4.mul(d0, v128.load(at)), d2, v128.load(at, 2 * PIXEL_BYTES));
    const odd = multiplyAdd(f32x4.mul(d1, v128.load(at, PIXEL_BYTES)), d3, v128.load(at, 3 * PIXEL_BYTES));
    v128.store(sums, f32x4.add(v128.load(sums), f32x4.add(even, odd)));
    sums += 16;
  }
}

@inline
function addVectors(target: usize, source: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 4;
    v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(source + at)));
  }
}
