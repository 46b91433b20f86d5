import { floats, multiplyAdd, put, take } from './lanes';

/** Channels gathered at a time: a cache line of floats. */
export const GROUP_CHANNELS: i32 = 16;
/** Bytes of a pixel in a plane. */
export const PIXEL_BYTES: i32 = 64;

/**
 * Depthwise kernels work on 16 channels of one image at a time: these are gathered into a *plane* in scratch memory,
 * 64 bytes a pixel, with a border of zeros, so that the inner loops know no edges and step by constants. Where the
 * stride along the width is s, the plane keeps s runs a row, one for each column modulo s: neighbours in the output are
 * then neighbours in a run. Border and run lengths are chosen in TypeScript (`ops/depthwise-geometry.ts`).
 */
@unmanaged
export class Plane {
  /** Source rows, columns and channels of one image. */
  height: i32;
  width: i32;
  channels: i32;
  /** Plane row and column of the source's first pixel. */
  top: i32;
  left: i32;
  /** Runs a row, pixels a run. */
  runs: i32;
  runLength: i32;
  /** Rows of the plane, and its columns over all runs; source pixels beyond them are never needed. */
  rows: i32;
  columns: i32;
}

/** Copies channels `channel` … + 15 of an image into a plane; the border is zero already. */
export function gatherPlane(image: usize, plane: Plane, channel: i32, target: usize): void {
  const channels = min(GROUP_CHANNELS, plane.channels - channel);
  const pixelBytes = floats(plane.channels);
  const runBytes = plane.runLength * PIXEL_BYTES;
  const rows = min(plane.height, plane.rows - plane.top);
  const columns = min(plane.width, plane.columns - plane.left);
  for (let row = 0; row < rows; row++) {
    const source = image + <usize>(row * plane.width) * pixelBytes + floats(channel);
    const out = target + <usize>((row + plane.top) * plane.runs * runBytes);
    if (plane.runs == 1 && channels == GROUP_CHANNELS) {
      copyPixels(source, pixelBytes, out + <usize>(plane.left * PIXEL_BYTES), columns);
    } else {
      gatherRow(source, plane, out, columns, channels);
    }
  }
}

@inline
function copyPixels(source: usize, step: usize, out: usize, columns: i32): void {
  for (let column = 0; column < columns; column++) {
    v128.store(out, v128.load(source));
    v128.store(out, v128.load(source, 16), 16);
    v128.store(out, v128.load(source, 32), 32);
    v128.store(out, v128.load(source, 48), 48);
    source += step;
    out += PIXEL_BYTES;
  }
}

function gatherRow(source: usize, plane: Plane, out: usize, columns: i32, channels: i32): void {
  const pixelBytes = floats(plane.channels);
  let run = plane.left % plane.runs;
  let index = plane.left / plane.runs;
  for (let column = 0; column < columns; column++) {
    const pixel = out + <usize>((run * plane.runLength + index) * PIXEL_BYTES);
    for (let j = 0; j < channels; j += 4) {
      v128.store(pixel + floats(j), take(source + floats(j), min(4, channels - j)));
    }
    source += pixelBytes;
    if (++run == plane.runs) {
      run = 0;
      index++;
    }
  }
}

/**
 * One output row on four channels: out(x) = Σ over taps of plane(x + tap) · filter(tap). The table has two integers a
 * tap: bytes from the output's place in the plane, bytes from `filter`.
 */
@inline
export function correlateRow(
  plane: usize, table: usize, tableEnd: usize, filter: usize, out: usize, outStep: usize, columns: i32, lanes: i32,
): void {
  if (columns % 7 == 0) {
    for (let column = 0; column < columns; column += 7) {
      const from = plane + <usize>(column * PIXEL_BYTES);
      correlateSeven(from, table, tableEnd, filter, out + <usize>column * outStep, outStep, lanes);
    }
  } else if (columns >= 4) {
    for (let column = 0; column < columns; column += 4) {
      // The last four overlap the ones before rather than leave a rest.
      const at = min(column, columns - 4);
      const from = plane + <usize>(at * PIXEL_BYTES);
      correlateFour(from, table, tableEnd, filter, out + <usize>at * outStep, outStep, lanes);
    }
  } else {
    for (let column = 0; column < columns; column++) {
      const from = plane + <usize>(column * PIXEL_BYTES);
      correlateOne(from, table, tableEnd, filter, out + <usize>column * outStep, lanes);
    }
  }
}

function correlateSeven(
  plane: usize, table: usize, tableEnd: usize, filter: usize, out: usize, outStep: usize, lanes: i32,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  for (; table < tableEnd; table += 8) {
    const x = plane + load<u32>(table);
    const f = v128.load(filter + load<u32>(table, 4));
    s0 = multiplyAdd(s0, f, v128.load(x));
    s1 = multiplyAdd(s1, f, v128.load(x, PIXEL_BYTES));
    s2 = multiplyAdd(s2, f, v128.load(x, 2 * PIXEL_BYTES));
    s3 = multiplyAdd(s3, f, v128.load(x, 3 * PIXEL_BYTES));
    s4 = multiplyAdd(s4, f, v128.load(x, 4 * PIXEL_BYTES));
    s5 = multiplyAdd(s5, f, v128.load(x, 5 * PIXEL_BYTES));
    s6 = multiplyAdd(s6, f, v128.load(x, 6 * PIXEL_BYTES));
  }
  if (lanes == 4) {
    v128.store(out, s0);
    v128.store((out += outStep), s1);
    v128.store((out += outStep), s2);
    v128.store((out += outStep), s3);
    v128.store((out += outStep), s4);
    v128.store((out += outStep), s5);
    v128.store((out += outStep), s6);
    return;
  }
  put(out, s0, lanes);
  put(out + outStep, s1, lanes);
  put(out + 2 * outStep, s2, lanes);
  put(out + 3 * outStep, s3, lanes);
  put(out + 4 * outStep, s4, lanes);
  put(out + 5 * outStep, s5, lanes);
  put(out + 6 * outStep, s6, lanes);
}

function correlateFour(
  plane: usize, table: usize, tableEnd: usize, filter: usize, out: usize, outStep: usize, lanes: i32,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; table < tableEnd; table += 8) {
    const x = plane + load<u32>(table);
    const f = v128.load(filter + load<u32>(table, 4));
    s0 = multiplyAdd(s0, f, v128.load(x));
    s1 = multiplyAdd(s1, f, v128.load(x, PIXEL_BYTES));
    s2 = multiplyAdd(s2, f, v128.load(x, 2 * PIXEL_BYTES));
    s3 = multiplyAdd(s3, f, v128.load(x, 3 * PIXEL_BYTES));
  }
  if (lanes == 4) {
    v128.store(out, s0);
    v128.store((out += outStep), s1);
    v128.store((out += outStep), s2);
    v128.store((out += outStep), s3);
    return;
  }
  put(out, s0, lanes);
  put(out + outStep, s1, lanes);
  put(out + 2 * outStep, s2, lanes);
  put(out + 3 * outStep, s3, lanes);
}

function correlateOne(plane: usize, table: usize, tableEnd: usize, filter: usize, out: usize, lanes: i32): void {
  let sum = f32x4.splat(0);
  for (; table < tableEnd; table += 8) {
    sum = multiplyAdd(sum, v128.load(filter + load<u32>(table, 4)), v128.load(plane + load<u32>(table)));
  }
  put(out, sum, lanes);
}
