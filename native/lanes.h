// Sixteen floats at once. The compiler maps them to what the machine has (one AVX-512 register, two of AVX2, …).
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <type_traits>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

namespace dna {

constexpr int64_t LANES = 16;
typedef float Lanes __attribute__((vector_size(64)));
typedef int32_t IntLanes __attribute__((vector_size(64)));

inline Lanes splat(float value) { return value - Lanes{}; }

template <typename To, typename From>
inline To bitsAs(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof(To));
  return to;
}

inline Lanes load(const float* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

inline void store(float* to, Lanes lanes) { std::memcpy(to, &lanes, sizeof lanes); }

// The first `count` lanes, zeros behind them.
inline Lanes loadPart(const float* from, int64_t count) {
  if (count >= LANES) return load(from);
#ifdef __AVX512F__
  return reinterpret_cast<Lanes>(_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from));
#else
  Lanes lanes{};
  for (int64_t lane = 0; lane < count; ++lane) lanes[lane] = from[lane];
  return lanes;
#endif
}

inline void storePart(float* to, Lanes lanes, int64_t count) {
  if (count >= LANES) return store(to, lanes);
#ifdef __AVX512F__
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << count) - 1), reinterpret_cast<__m512>(lanes));
#else
  for (int64_t lane = 0; lane < count; ++lane) to[lane] = lanes[lane];
#endif
}

// Writes past the caches: a result larger than they are would drive out what is still needed, and each of its lines
// would be read before it is written. The address must be a multiple of 64; `finishStreaming` follows.
inline void stream(float* to, Lanes lanes) {
#ifdef __AVX512F__
  _mm512_stream_ps(to, reinterpret_cast<__m512>(lanes));
#else
  store(to, lanes);
#endif
}

inline void finishStreaming() {
#ifdef __AVX512F__
  _mm_sfence();
#endif
}

// The larger (the smaller) of both; `x` where it is NaN.
inline Lanes larger(Lanes bound, Lanes x) {
#ifdef __AVX512F__
  return reinterpret_cast<Lanes>(
      _mm512_maskz_max_ps(0xffff, reinterpret_cast<__m512>(bound), reinterpret_cast<__m512>(x)));
#else
  return x < bound ? bound : x;
#endif
}

inline Lanes smaller(Lanes bound, Lanes x) {
#ifdef __AVX512F__
  return reinterpret_cast<Lanes>(
      _mm512_maskz_min_ps(0xffff, reinterpret_cast<__m512>(bound), reinterpret_cast<__m512>(x)));
#else
  return x > bound ? bound : x;
#endif
}

inline Lanes squareRoot(Lanes x) {
#ifdef __AVX512F__
  // The masked form: the plain one reads an undefined vector, of which g++ 12 warns.
  return reinterpret_cast<Lanes>(_mm512_maskz_sqrt_ps(0xffff, reinterpret_cast<__m512>(x)));
#else
  for (int64_t lane = 0; lane < LANES; ++lane) x[lane] = std::sqrt(x[lane]);
  return x;
#endif
}

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
  for (const float coefficient : {9.671513e-3f, 5.5507336e-2f, 2.4022242e-1f, 6.93147e-1f, 1.0f}) sum = sum * x + coefficient;
  return sum;
}

// e^x within 2 units in the last place. Below −87 the result is a small number, above 88 a large one; NaN stays NaN.
inline Lanes exponential(Lanes x) {
  const Lanes log2e = splat(1.44269504f);
  constexpr float LOG2_E_REST = 1.92596299e-8f;
  x = smaller(splat(88.0f), larger(splat(-87.0f), x));
  // Not left to the compiler, which would take the product's loss for 0.
  const Lanes power = reinterpret_cast<Lanes>(_mm512_mul_ps(reinterpret_cast<__m512>(x), reinterpret_cast<__m512>(log2e)));
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
  for (const float coefficient : {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f}) {
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

// Calls work(vectors, first) for a few of `count` neighbouring vectors at a time, their number a constant of the compiler:
// what belongs to them stays in registers, and what lies side by side is read together.
template <int most = 4, typename Work>
void byFewVectors(int64_t count, Work&& work) {
  static_assert(most <= 4);
  for (int64_t first = 0; first < count; first += most) {
    const int64_t vectors = count - first;
    if (vectors >= most) work(std::integral_constant<int, most>{}, first);
    else if (vectors == 3) work(std::integral_constant<int, 3>{}, first);
    else if (vectors == 2) work(std::integral_constant<int, 2>{}, first);
    else work(std::integral_constant<int, 1>{}, first);
  }
}

typedef float HalfLanes __attribute__((vector_size(32)));
typedef float QuarterLanes __attribute__((vector_size(16)));

// Both halves.
struct Halves {
  HalfLanes low, high;

#ifdef __AVX512DQ__
  // In registers: g++ puts a vector whose address is taken into memory, at every step of a loop that adds to it.
  explicit Halves(Lanes lanes)
      : low(reinterpret_cast<HalfLanes>(_mm512_maskz_extractf32x8_ps(0xff, reinterpret_cast<__m512>(lanes), 0))),
        high(reinterpret_cast<HalfLanes>(_mm512_maskz_extractf32x8_ps(0xff, reinterpret_cast<__m512>(lanes), 1))) {}
#else
  explicit Halves(Lanes lanes) {
    std::memcpy(&low, &lanes, sizeof low);
    std::memcpy(&high, reinterpret_cast<const char*>(&lanes) + sizeof low, sizeof high);
  }
#endif
};

// Halves are added up, and their halves: a sum lane by lane would wait for itself fifteen times.
inline float sumOf(Lanes lanes) {
  const Halves halves(lanes);
  const HalfLanes eight = halves.low + halves.high;
  QuarterLanes low, high;
  std::memcpy(&low, &eight, sizeof low);
  std::memcpy(&high, reinterpret_cast<const char*>(&eight) + sizeof low, sizeof high);
  const QuarterLanes four = low + high;
  return (four[0] + four[2]) + (four[1] + four[3]);
}

// Sixteen doubles, for sums over a whole batch.
struct DoubleLanes {
  typedef double Half __attribute__((vector_size(64)));
  Half low, high;

  DoubleLanes(Half first, Half second) : low(first), high(second) {}
  explicit DoubleLanes(Lanes lanes) {
    const Halves halves(lanes);
    low = __builtin_convertvector(halves.low, Half);
    high = __builtin_convertvector(halves.high, Half);
  }
  explicit DoubleLanes(const double* from) {
    std::memcpy(&low, from, sizeof low);
    std::memcpy(&high, from + LANES / 2, sizeof high);
  }
  void store(double* to) const {
    std::memcpy(to, &low, sizeof low);
    std::memcpy(to + LANES / 2, &high, sizeof high);
  }

  DoubleLanes operator+(const DoubleLanes& other) const { return {low + other.low, high + other.high}; }
  DoubleLanes operator-(const DoubleLanes& other) const { return {low - other.low, high - other.high}; }
  DoubleLanes operator*(const DoubleLanes& other) const { return {low * other.low, high * other.high}; }
  DoubleLanes operator*(double factor) const { return {low * factor, high * factor}; }
};

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
