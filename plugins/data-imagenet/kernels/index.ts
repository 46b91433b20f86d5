/**
 * Pillow's resampling to the bit: separable, antialiased, coefficients in fixed point with 22 bits behind the comma,
 * 8 bits between the passes. Pixels are RGBX, four bytes each; all offsets are bytes.
 *
 * A coefficient k is kept as k >> 11 and k & 0x7ff, those of two neighbouring taps beside each other, so that one
 * instruction multiplies and adds both taps of four values: Σ p·k = (Σ p·(k >> 11) << 11) + Σ p·(k & 0x7ff).
 */
const PRECISION: i32 = 22;
const LOW: i32 = 11;
const BILINEAR: i32 = 0;

/** First tap and number of pairs of taps, 4 bytes each. */
const BOUND_BYTES: usize = 8;
/** High parts of two coefficients, then their low parts, 2 bytes each. */
const PAIR_BYTES: usize = 8;

function support(kind: i32): f64 {
  return kind == BILINEAR ? 1 : 2;
}

/** Triangle, or Keys' cubic with a = −1/2. */
function filter(kind: i32, at: f64): f64 {
  const x = Math.abs(at);
  if (kind == BILINEAR) return x < 1 ? 1 - x : 0;
  const a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

/** Pairs of taps that an output value has at most. */
export function tapPairs(kind: i32, from: i32, to: i32): i32 {
  const scale = Math.max(<f64>from / <f64>to, 1);
  const taps = <i32>Math.ceil(support(kind) * scale) * 2 + 1;
  return (taps + 1) >> 1;
}

/**
 * Bounds and coefficients of outputs `first` to `first + count` when `from` values become `to`. `scratch` holds
 * `2 · pairs` doubles.
 */
export function makeTaps(
  kind: i32, from: i32, to: i32, first: i32, count: i32, bounds: usize, taps: usize, pairs: i32, scratch: usize,
): void {
  const scale = <f64>from / <f64>to;
  const stretch = Math.max(scale, 1);
  const reach = support(kind) * stretch;
  const inverse = 1.0 / stretch;
  for (let index = 0; index < count; index++) {
    const centre = (<f64>(first + index) + 0.5) * scale;
    const least = max(<i32>(centre - reach + 0.5), 0);
    const size = min(<i32>(centre + reach + 0.5), from) - least;
    let sum: f64 = 0;
    for (let tap = 0; tap < size; tap++) {
      const weight = filter(kind, (<f64>(tap + least) - centre + 0.5) * inverse);
      store<f64>(scratch + (<usize>tap << 3), weight);
      sum += weight;
    }
    store<i32>(bounds, least);
    store<i32>(bounds, (size + 1) >> 1, 4);
    storePairs(scratch, size, sum, taps);
    bounds += BOUND_BYTES;
    taps += <usize>pairs * PAIR_BYTES;
  }
}

function storePairs(weights: usize, size: i32, sum: f64, taps: usize): void {
  for (let tap = 0; tap < size + (size & 1); tap++) {
    const weight = tap < size ? fixed(load<f64>(weights + (<usize>tap << 3)) / sum) : 0;
    const at = taps + <usize>(tap >> 1) * PAIR_BYTES + (<usize>(tap & 1) << 1);
    store<i16>(at, <i16>(weight >> LOW));
    store<i16>(at, <i16>(weight & ((1 << LOW) - 1)), 4);
  }
}

function fixed(weight: f64): i32 {
  const scaled = weight * <f64>(1 << PRECISION);
  return <i32>(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}

/** The four sums as bytes in the lanes of integers. */
@inline
function round(high: v128, low: v128): v128 {
  const half = i32x4.splat(1 << (PRECISION - 1));
  return i32x4.shr_s(i32x4.add(i32x4.add(i32x4.shl(high, LOW), low), half), PRECISION);
}

/** Resamples `rows` rows of `source`; `sourceStep` and `outStep` are bytes from row to row. */
export function resampleRows(
  source: usize, sourceStep: usize, rows: i32, bounds: usize, taps: usize, pairs: i32, count: i32,
  out: usize, outStep: usize,
): void {
  for (let row = 0; row < rows; row++) {
    let tap = taps;
    for (let x = 0; x < count; x++) {
      const bound = bounds + <usize>x * BOUND_BYTES;
      const pixel = resamplePixel(source + (<usize>load<i32>(bound) << 2), tap, load<i32>(bound, 4));
      store<i32>(out + (<usize>x << 2), pixel);
      tap += <usize>pairs * PAIR_BYTES;
    }
    source += sourceStep;
    out += outStep;
  }
}

@inline
function resamplePixel(from: usize, tap: usize, pairs: i32): i32 {
  let high = i32x4.splat(0);
  let low = i32x4.splat(0);
  for (let pair = 0; pair < pairs; pair++) {
    const two = v128.load_ext<u8>(from);
    const values = i16x8.shuffle(two, two, 0, 4, 1, 5, 2, 6, 3, 7);
    high = i32x4.add(high, i32x4.dot_i16x8_s(values, v128.load32_splat(tap)));
    low = i32x4.add(low, i32x4.dot_i16x8_s(values, v128.load32_splat(tap, 4)));
    from += 8;
    tap += PAIR_BYTES;
  }
  const sums = round(high, low);
  const words = i16x8.narrow_i32x4_s(sums, sums);
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0);
}

/** Resamples columns: `count` rows come out, `step` bytes each (a multiple of 16) in `source` and `out`. */
export function resampleColumns(
  source: usize, step: usize, bounds: usize, taps: usize, pairs: i32, count: i32, out: usize,
): void {
  for (let y = 0; y < count; y++) {
    const from = source + <usize>load<i32>(bounds) * step;
    const used = load<i32>(bounds, 4);
    for (let at: usize = 0; at < step; at += 16) resampleBytes(from + at, step, taps, used, out + at);
    bounds += BOUND_BYTES;
    taps += <usize>pairs * PAIR_BYTES;
    out += step;
  }
}

@inline
function resampleBytes(from: usize, step: usize, tap: usize, pairs: i32, out: usize): void {
  let high0 = i32x4.splat(0), high1 = high0, high2 = high0, high3 = high0;
  let low0 = high0, low1 = high0, low2 = high0, low3 = high0;
  for (let pair = 0; pair < pairs; pair++) {
    const a = v128.load(from);
    const b = v128.load(from + step);
    const left = i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const right = i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const v0 = i16x8.extend_low_i8x16_u(left), v1 = i16x8.extend_high_i8x16_u(left);
    const v2 = i16x8.extend_low_i8x16_u(right), v3 = i16x8.extend_high_i8x16_u(right);
    const high = v128.load32_splat(tap);
    const low = v128.load32_splat(tap, 4);
    high0 = i32x4.add(high0, i32x4.dot_i16x8_s(v0, high));
    high1 = i32x4.add(high1, i32x4.dot_i16x8_s(v1, high));
    high2 = i32x4.add(high2, i32x4.dot_i16x8_s(v2, high));
    high3 = i32x4.add(high3, i32x4.dot_i16x8_s(v3, high));
    low0 = i32x4.add(low0, i32x4.dot_i16x8_s(v0, low));
    low1 = i32x4.add(low1, i32x4.dot_i16x8_s(v1, low));
    low2 = i32x4.add(low2, i32x4.dot_i16x8_s(v2, low));
    low3 = i32x4.add(low3, i32x4.dot_i16x8_s(v3, low));
    from += step << 1;
    tap += PAIR_BYTES;
  }
  const first = i16x8.narrow_i32x4_s(round(high0, low0), round(high1, low1));
  const last = i16x8.narrow_i32x4_s(round(high2, low2), round(high3, low3));
  v128.store(out, i8x16.narrow_i16x8_u(first, last));
}

/**
 * RGBX pixels as floats, three a pixel, by a table of 256 floats a channel; mirrored left to right if `flip`. `step`
 * is bytes from row to row.
 */
export function toFloats(
  pixels: usize, step: usize, width: i32, height: i32, flip: i32, table: usize, out: usize,
): void {
  const forward: isize = flip ? -4 : 4;
  for (let row = 0; row < height; row++) {
    let from = pixels + (flip ? <usize>(width - 1) << 2 : 0);
    for (let x = 0; x < width; x++) {
      const pixel = load<u32>(from);
      store<f32>(out, load<f32>(table + ((pixel & 0xff) << 2)));
      store<f32>(out, load<f32>(table + (((pixel >> 8) & 0xff) << 2), 1024), 4);
      store<f32>(out, load<f32>(table + (((pixel >> 16) & 0xff) << 2), 2048), 8);
      from += forward;
      out += 12;
    }
    pixels += step;
  }
}

/** Three bytes a pixel become four. `rgb` may be `count` bytes after `rgbx`: reading stays ahead of writing. */
export function widen(rgb: usize, count: i32, rgbx: usize): void {
  for (let pixel = 0; pixel < count; pixel++) {
    store<u8>(rgbx, load<u8>(rgb));
    store<u8>(rgbx, load<u8>(rgb, 1), 1);
    store<u8>(rgbx, load<u8>(rgb, 2), 2);
    store<u8>(rgbx, 255, 3);
    rgb += 3;
    rgbx += 4;
  }
}
