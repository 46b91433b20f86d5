/** Four float lanes at a time: the few helpers every kernel shares. Offsets are bytes in tfjs's memory. */

/** sum + x · y, rounded twice: plain SIMD has the same bits on every machine. */
@inline
export function multiplyAdd(sum: v128, x: v128, y: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, y));
}

/** The first `lanes` (1 to 4) floats at an offset, the other lanes zero; reads nothing beyond them. */
@inline
export function take(offset: usize, lanes: i32): v128 {
  return lanes >= 4 ? v128.load(offset) : takePart(offset, lanes);
}

function takePart(offset: usize, lanes: i32): v128 {
  if (lanes == 1) return v128.load32_zero(offset);
  const pair = v128.load64_zero(offset);
  return lanes == 2 ? pair : f32x4.replace_lane(pair, 2, load<f32>(offset, 8));
}

/** Stores the first `lanes` (1 to 4) lanes. */
@inline
export function put(offset: usize, value: v128, lanes: i32): void {
  if (lanes >= 4) v128.store(offset, value);
  else putPart(offset, value, lanes);
}

function putPart(offset: usize, value: v128, lanes: i32): void {
  store<f32>(offset, f32x4.extract_lane(value, 0));
  if (lanes > 1) store<f32>(offset, f32x4.extract_lane(value, 1), 4);
  if (lanes > 2) store<f32>(offset, f32x4.extract_lane(value, 2), 8);
}

/** Adds four float sums to four doubles at an offset. */
@inline
export function addToDoubles(offset: usize, sums: v128): void {
  const low = f64x2.promote_low_f32x4(sums);
  const high = f64x2.promote_low_f32x4(i32x4.shuffle(sums, sums, 2, 3, 2, 3));
  v128.store(offset, f64x2.add(v128.load(offset), low));
  v128.store(offset, f64x2.add(v128.load(offset, 16), high), 16);
}

/** Bytes of a row of floats. */
@inline
export function floats(count: i32): usize {
  return (<usize>count) << 2;
}
