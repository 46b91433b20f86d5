import { floats, multiplyAdd } from './lanes';
import { gatherPlane, Plane } from './depthwise-plane';

/**
 * Adds every tap's Σ x · dy to `sums`, packed as the filter, which the caller zeroed. Each image is summed by itself
 * first (in `imageSums`, one vector a tap), which keeps the rounding error small. The table has the taps' byte offsets
 * in x's plane; `dyPlane`'s columns are filled up with zeros to a multiple of 7 or 4.
 */
export function depthwiseGradFilter(
  x: usize, dy: usize, sums: usize, taps: i32, table: usize, xSizes: usize, dySizes: usize, xRowStep: i32,
  xScratch: usize, dyScratch: usize, imageSums: usize, batch: i32,
): void {
  const xPlane = changetype<Plane>(xSizes);
  const dyPlane = changetype<Plane>(dySizes);
  const bytes = <usize>taps << 4;
  for (let image = 0; image < batch; image++) {
    let block = sums;
    for (let channel = 0; channel < xPlane.channels; channel += 4) {
      gatherPlane(x, xPlane, channel, xScratch);
      gatherPlane(dy, dyPlane, channel, dyScratch);
      memory.fill(imageSums, 0, bytes);
      sumImage(xScratch, xRowStep, dyScratch, dyPlane, table, taps, imageSums);
      addVectors(block, imageSums, taps);
      block += bytes;
    }
    x += floats(xPlane.height * xPlane.width * xPlane.channels);
    dy += floats(dyPlane.height * dyPlane.width * dyPlane.channels);
  }
}

function sumImage(
  x: usize, xRowStep: i32, dy: usize, dyPlane: Plane, table: usize, taps: i32, sums: usize,
): void {
  const columns = dyPlane.runLength;
  const step = columns % 7 == 0 ? 7 : 4;
  for (let row = 0; row < dyPlane.rows; row++) {
    for (let column = 0; column < columns; column += step) {
      const at = <usize>column << 4;
      if (step == 7) sumSeven(x + at, dy + at, table, taps, sums);
      else sumFour(x + at, dy + at, table, taps, sums);
    }
    x += xRowStep;
    dy += <usize>columns << 4;
  }
}

// @ts-ignore: decorator
@inline
function sumSeven(x: usize, dy: usize, table: usize, taps: i32, sums: usize): void {
  const d0 = v128.load(dy);
  const d1 = v128.load(dy, 16);
  const d2 = v128.load(dy, 32);
  const d3 = v128.load(dy, 48);
  const d4 = v128.load(dy, 64);
  const d5 = v128.load(dy, 80);
  const d6 = v128.load(dy, 96);
  for (const end = table + (<usize>taps << 2); table < end; table += 4) {
    const at = x + load<u32>(table);
    let even = f32x4.mul(d0, v128.load(at));
    let odd = f32x4.mul(d1, v128.load(at, 16));
    even = multiplyAdd(even, d2, v128.load(at, 32));
    odd = multiplyAdd(odd, d3, v128.load(at, 48));
    even = multiplyAdd(even, d4, v128.load(at, 64));
    odd = multiplyAdd(odd, d5, v128.load(at, 80));
    even = multiplyAdd(even, d6, v128.load(at, 96));
    v128.store(sums, f32x4.add(v128.load(sums), f32x4.add(even, odd)));
    sums += 16;
  }
}

// @ts-ignore: decorator
@inline
function sumFour(x: usize, dy: usize, table: usize, taps: i32, sums: usize): void {
  const d0 = v128.load(dy);
  const d1 = v128.load(dy, 16);
  const d2 = v128.load(dy, 32);
  const d3 = v128.load(dy, 48);
  for (const end = table + (<usize>taps << 2); table < end; table += 4) {
    const at = x + load<u32>(table);
    const even = multiplyAdd(f32x4.mul(d0, v128.load(at)), d2, v128.load(at, 32));
    const odd = multiplyAdd(f32x4.mul(d1, v128.load(at, 16)), d3, v128.load(at, 48));
    v128.store(sums, f32x4.add(v128.load(sums), f32x4.add(even, odd)));
    sums += 16;
  }
}

// @ts-ignore: decorator
@inline
function addVectors(target: usize, source: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 4;
    v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(source + at)));
  }
}
