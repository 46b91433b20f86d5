import { multiplyAdd } from './lanes';

/**
 * 1 + e^−x, to about 2e-7 relative, x clamped to ±87. −x = n · ln 2 − q with |q| ≤ ln 2 / 2: a polynomial for e^−q
 * (minimax of degree 5, error 1e-7), and n added to the exponent bits. Adding 1.5 · 2^23 rounds to an integer and
 * leaves it in the low bits; ln 2 is split in two so that n times its first part is exact.
 */
@inline
export function onePlusExponential(x: v128): v128 {
  const clamped = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(87));
  const rounder = f32x4.splat(12582912);
  const shifted = multiplyAdd(rounder, clamped, f32x4.splat(-1.44269504));
  const n = f32x4.sub(shifted, rounder);
  let q = multiplyAdd(clamped, n, f32x4.splat(0.693359375));
  q = multiplyAdd(q, n, f32x4.splat(-2.1219444e-4));
  let p = multiplyAdd(f32x4.splat(0.04189801961), q, f32x4.splat(-0.008290297352));
  p = multiplyAdd(f32x4.splat(-0.1666763723), q, p);
  p = multiplyAdd(f32x4.splat(0.4999914765), q, p);
  p = multiplyAdd(f32x4.splat(-0.999999702), q, p);
  p = multiplyAdd(f32x4.splat(1), q, p);
  return f32x4.add(f32x4.splat(1), i32x4.add(p, i32x4.shl(shifted, 23)));
}

/** 1 / (1 + e^−x). */
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), onePlusExponential(x));
}
