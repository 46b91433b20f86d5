import { floats, multiplyAdd, put, take } from './lanes';

/** Floats summed in single precision before they are added to the double. */
const BLOCK: i32 = 4096;

/** loss [] = mean of (y − target)² over `size` floats. */
export function squaredError(y: usize, target: usize, loss: usize, size: i32): void {
  let total: f64 = 0;
  for (let start = 0; start < size; start += BLOCK) {
    const at = floats(start);
    total += sumSquares(y + at, target + at, min(BLOCK, size - start));
  }
  store<f32>(loss, <f32>(total / <f64>size));
}

@inline
function sumSquares(y: usize, target: usize, count: i32): f64 {
  let even = f32x4.splat(0);
  let odd = even;
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const at = floats(i);
    const d0 = f32x4.sub(v128.load(y + at), v128.load(target + at));
    const d1 = f32x4.sub(v128.load(y + at, 16), v128.load(target + at, 16));
    even = multiplyAdd(even, d0, d0);
    odd = multiplyAdd(odd, d1, d1);
  }
  for (; i < count; i += 4) {
    const lanes = min(4, count - i);
    const d = f32x4.sub(take(y + floats(i), lanes), take(target + floats(i), lanes));
    even = multiplyAdd(even, d, d);
  }
  const low = f64x2.add(f64x2.promote_low_f32x4(even), f64x2.promote_low_f32x4(odd));
  const upperEven = f64x2.promote_low_f32x4(i32x4.shuffle(even, even, 2, 3, 2, 3));
  const upperOdd = f64x2.promote_low_f32x4(i32x4.shuffle(odd, odd, 2, 3, 2, 3));
  const all = f64x2.add(low, f64x2.add(upperEven, upperOdd));
  return f64x2.extract_lane(all, 0) + f64x2.extract_lane(all, 1);
}

/** dy = dloss [] · 2 (y − target) / size. */
export function squaredErrorGrad(dloss: usize, y: usize, target: usize, dy: usize, size: i32): void {
  const factor = f32x4.splat(<f32>((<f64>load<f32>(dloss) * 2) / <f64>size));
  const full = size & ~3;
  for (let i = 0; i < full; i += 4) {
    const at = floats(i);
    v128.store(dy + at, f32x4.mul(factor, f32x4.sub(v128.load(y + at), v128.load(target + at))));
  }
  const rest = size - full;
  const at = floats(full);
  if (rest) put(dy + at, f32x4.mul(factor, f32x4.sub(take(y + at, rest), take(target + at, rest))), rest);
}
