// e^x and what is made of it, on lanes.
#pragma once

#include "lanes.h"

namespace dna {

#ifdef __AVX512DQ__

// What is left of x behind the nearest whole number, and values · 2^whole: one instruction each.
inline Lanes behindWhole(Lanes x) {
  constexpr int TO_NEAREST = 8;
  return reinterpret_cast<Lanes>(_mm512_maskz_reduce_ps(0xffff, reinterpret_cast<__m512>(x), TO_NEAREST));
}
inline Lanes timesPowerOfTwo(Lanes values, Lanes whole) {
  return reinterpret_cast<Lanes>(
      _mm512_maskz_scalef_ps(0xffff, reinterpret_cast<__m512>(values), reinterpret_cast<__m512>(whole)));
}
// a · b − product, where the product of a and b was rounded to `product`.
inline Lanes lostOf(Lanes product, Lanes a, Lanes b) {
  return reinterpret_cast<Lanes>(
      _mm512_fmsub_ps(reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b), reinterpret_cast<__m512>(product)));
}

// 2^x for x from −½ to ½; fitted to the least relative error.
inline Lanes powerOfTwo(Lanes x) {
  Lanes sum = splat(1.3264726e-3f);
  for (const float coefficient : {9.671513e-3f, 5.5507336e-2f, 2.4022242e-1f, 6.93147e-1f, 1.0f})
    sum = sum * x + coefficient;
  return sum;
}

// e^x within 2 units in the last place. Below −87 the result is a small number, above 88 a large one; NaN stays NaN.
inline Lanes exponential(Lanes x) {
  const Lanes log2e = splat(1.44269504f);
  constexpr float LOG2_E_REST = 1.92596299e-8f;
  x = smaller(splat(88.0f), larger(splat(-87.0f), x));
  // Not left to the compiler, which would take the product's loss for 0.
  const Lanes power =
      reinterpret_cast<Lanes>(_mm512_mul_ps(reinterpret_cast<__m512>(x), reinterpret_cast<__m512>(log2e)));
  const Lanes near = behindWhole(power);
  const Lanes rest = near + (x * LOG2_E_REST + lostOf(power, x, log2e));
  return timesPowerOfTwo(powerOfTwo(rest), power - near);
}

#else

// The same of what every machine has.
inline Lanes exponential(Lanes x) {
  constexpr float LOG2_E = 1.44269504f;
  constexpr float LN2_HIGH = 0.693359375f;
  constexpr float LN2_LOW = -2.12194440e-4f;
  constexpr float ROUND = 12582912.0f;  // adding it leaves the nearest whole number in the low bits
  x = smaller(splat(88.0f), larger(splat(-87.0f), x));
  const Lanes shifted = x * LOG2_E + ROUND;
  const Lanes whole = shifted - ROUND;
  const Lanes rest = x - whole * LN2_HIGH - whole * LN2_LOW;
  Lanes sum = splat(1.9875691500e-4f);
  for (const float coefficient :
       {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f}) {
    sum = sum * rest + coefficient;
  }
  sum = sum * rest * rest + rest + 1.0f;
  const IntLanes exponent = bitsAs<IntLanes>(shifted) << 23;
  return bitsAs<Lanes>(bitsAs<IntLanes>(sum) + exponent);
}

#endif

// 1 / x within 2 units in the last place, for x from 2^-126 to 2^126.
inline Lanes reciprocal(Lanes x) {
#ifdef __AVX512F__
  // A division takes as long as eight multiplications: an estimate of 14 bits, and one step of Newton's.
  const Lanes estimate = reinterpret_cast<Lanes>(_mm512_maskz_rcp14_ps(0xffff, reinterpret_cast<__m512>(x)));
  return estimate * (2.0f - x * estimate);
#else
  return 1.0f / x;
#endif
}

#ifdef __AVX512DQ__

// 1 / (1 + e^−x). Most of an activation's time is spent here, so that the exponent is not corrected for what its product
// with log2 e lost: about |x| / 2 units in the last place of e^−x.
inline Lanes sigmoid(Lanes x) {
  const Lanes power = smaller(splat(126.0f), x * -1.44269504f);
  const Lanes near = behindWhole(power);
  return reciprocal(1.0f + timesPowerOfTwo(powerOfTwo(near), power - near));
}

#else

inline Lanes sigmoid(Lanes x) { return reciprocal(1.0f + exponential(-x)); }

#endif

}  // namespace dna
