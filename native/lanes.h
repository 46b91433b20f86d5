// Some floats at once: as many as one register of the machine holds. A wider type would be worse than none: g++ keeps what
// does not fit a register in memory.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <type_traits>

#ifdef __AVX__
#include <immintrin.h>
#endif

namespace dna {

#if defined(__AVX512F__)
constexpr int64_t LANES = 16;
#elif defined(__AVX__)
constexpr int64_t LANES = 8;
#else
constexpr int64_t LANES = 4;
#endif

#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int REGISTERS = 32;
#else
constexpr int REGISTERS = 16;
#endif

typedef float Lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t IntLanes __attribute__((vector_size(LANES * sizeof(int32_t))));

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

#if defined(__AVX__) && !defined(__AVX512F__)
// All bits of the first `count` lanes.
inline __m256i firstLanes(int64_t count) {
  static constexpr int32_t BITS[2 * LANES] = {-1, -1, -1, -1, -1, -1, -1, -1};
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(BITS + LANES - count));
}
#endif

// The first `count` lanes, zeros behind them.
inline Lanes loadPart(const float* from, int64_t count) {
  if (count >= LANES) return load(from);
#if defined(__AVX512F__)
  return reinterpret_cast<Lanes>(_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from));
#elif defined(__AVX__)
  return reinterpret_cast<Lanes>(_mm256_maskload_ps(from, firstLanes(count)));
#else
  Lanes lanes{};
  for (int64_t lane = 0; lane < count; ++lane) lanes[lane] = from[lane];
  return lanes;
#endif
}

inline void storePart(float* to, Lanes lanes, int64_t count) {
  if (count >= LANES) return store(to, lanes);
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << count) - 1), reinterpret_cast<__m512>(lanes));
#elif defined(__AVX__)
  _mm256_maskstore_ps(to, firstLanes(count), reinterpret_cast<__m256>(lanes));
#else
  for (int64_t lane = 0; lane < count; ++lane) to[lane] = lanes[lane];
#endif
}

// Writes past the caches: a result larger than they are would drive out what is still needed, and each of its lines
// would be read before it is written. The address must be one of whole vectors; `finishStreaming` follows.
inline void stream(float* to, Lanes lanes) {
#if defined(__AVX512F__)
  _mm512_stream_ps(to, reinterpret_cast<__m512>(lanes));
#elif defined(__AVX__)
  _mm256_stream_ps(to, reinterpret_cast<__m256>(lanes));
#else
  store(to, lanes);
#endif
}

inline void finishStreaming() {
#ifdef __AVX__
  _mm_sfence();
#endif
}

// The larger (the smaller) of both; `x` where it is NaN.
inline Lanes larger(Lanes bound, Lanes x) {
#if defined(__AVX512F__)
  return reinterpret_cast<Lanes>(
      _mm512_maskz_max_ps(0xffff, reinterpret_cast<__m512>(bound), reinterpret_cast<__m512>(x)));
#elif defined(__AVX__)
  return reinterpret_cast<Lanes>(_mm256_max_ps(reinterpret_cast<__m256>(bound), reinterpret_cast<__m256>(x)));
#else
  return x < bound ? bound : x;
#endif
}

inline Lanes smaller(Lanes bound, Lanes x) {
#if defined(__AVX512F__)
  return reinterpret_cast<Lanes>(
      _mm512_maskz_min_ps(0xffff, reinterpret_cast<__m512>(bound), reinterpret_cast<__m512>(x)));
#elif defined(__AVX__)
  return reinterpret_cast<Lanes>(_mm256_min_ps(reinterpret_cast<__m256>(bound), reinterpret_cast<__m256>(x)));
#else
  return x > bound ? bound : x;
#endif
}

inline Lanes squareRoot(Lanes x) {
#if defined(__AVX512F__)
  // The masked form: the plain one reads an undefined vector, of which g++ 12 warns.
  return reinterpret_cast<Lanes>(_mm512_maskz_sqrt_ps(0xffff, reinterpret_cast<__m512>(x)));
#elif defined(__AVX__)
  return reinterpret_cast<Lanes>(_mm256_sqrt_ps(reinterpret_cast<__m256>(x)));
#else
  for (int64_t lane = 0; lane < LANES; ++lane) x[lane] = std::sqrt(x[lane]);
  return x;
#endif
}

// Neighbouring vectors that are worked on together: with what belongs to each, as many as there are registers for.
constexpr int FEW = REGISTERS / 8;

// Calls work(vectors, first) for a few of `count` neighbouring vectors at a time, their number a constant of the compiler:
// what belongs to them stays in registers, and what lies side by side is read together.
template <int most = FEW, typename Work>
void byFewVectors(int64_t count, Work&& work) {
  static_assert(most <= 4);
  for (int64_t first = 0; first < count; first += most) {
    const int64_t vectors = count - first;
    if (vectors >= most) work(std::integral_constant<int, most>{}, first);
    else if (vectors == 3) work(std::integral_constant<int, std::min(3, most)>{}, first);
    else if (vectors == 2) work(std::integral_constant<int, std::min(2, most)>{}, first);
    else work(std::integral_constant<int, 1>{}, first);
  }
}

}  // namespace dna
