import { multiplyAdd } from './lanes';

/**
 * e^x to about 1.2e-7 relative in [-87, 87], clamped outside: x = n·ln 2 + r with |r| ≤ ln 2 / 2, a polynomial for
 * e^r, and n added to the exponent bits. Adding 1.5·2^23 rounds to an integer and leaves it in the low bits.
 */
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  const clamped = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(87));
  const rounder = f32x4.splat(12582912);
  const shifted = multiplyAdd(rounder, clamped, f32x4.splat(1.44269504));
  const n = f32x4.sub(shifted, rounder);
  let r = multiplyAdd(clamped, n, f32x4.splat(-0.693359375));
  r = multiplyAdd(r, n, f32x4.splat(2.12194440e-4));
  let p = multiplyAdd(f32x4.splat(1.3981999507e-3), r, f32x4.splat(1.9875691500e-4));
  p = multiplyAdd(f32x4.splat(8.3334519073e-3), r, p);
  p = multiplyAdd(f32x4.splat(4.1665795894e-2), r, p);
  p = multiplyAdd(f32x4.splat(1.6666665459e-1), r, p);
  p = multiplyAdd(f32x4.splat(0.5), r, p);
  p = f32x4.add(multiplyAdd(r, f32x4.mul(r, r), p), f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** 1 / (1 + e^-x). */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}
