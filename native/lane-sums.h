// Sums of a vector's lanes, and sums over many vectors in double precision.
#pragma once

#include "lanes.h"

namespace dna {

typedef float HalfLanes __attribute__((vector_size(sizeof(Lanes) / 2)));

// Both halves.
struct Halves {
  HalfLanes low, high;

#if defined(__AVX512DQ__)
  // In registers: g++ puts a vector whose address is taken into memory, at every step of a loop that adds to it.
  explicit Halves(Lanes lanes)
      : low(reinterpret_cast<HalfLanes>(_mm512_maskz_extractf32x8_ps(0xff, reinterpret_cast<__m512>(lanes), 0))),
        high(reinterpret_cast<HalfLanes>(_mm512_maskz_extractf32x8_ps(0xff, reinterpret_cast<__m512>(lanes), 1))) {}
#elif defined(__AVX__) && !defined(__AVX512F__)
  explicit Halves(Lanes lanes)
      : low(reinterpret_cast<HalfLanes>(_mm256_extractf128_ps(reinterpret_cast<__m256>(lanes), 0))),
        high(reinterpret_cast<HalfLanes>(_mm256_extractf128_ps(reinterpret_cast<__m256>(lanes), 1))) {}
#else
  explicit Halves(Lanes lanes) {
    std::memcpy(&low, &lanes, sizeof low);
    std::memcpy(&high, reinterpret_cast<const char*>(&lanes) + sizeof low, sizeof high);
  }
#endif
};

// The sum of a vector's elements. Halves are added up, and their halves: lane by lane a sum would wait for itself.
template <typename Vector>
inline auto sumOfElements(Vector vector) {
  using Element = std::decay_t<decltype(vector[0])>;
  if constexpr (sizeof(Vector) > 4 * sizeof(Element)) {
    typedef Element Half __attribute__((vector_size(sizeof(Vector) / 2)));
    Half low, high;
    std::memcpy(&low, &vector, sizeof low);
    std::memcpy(&high, reinterpret_cast<const char*>(&vector) + sizeof low, sizeof high);
    return sumOfElements(low + high);
  } else if constexpr (sizeof(Vector) == 4 * sizeof(Element)) {
    return (vector[0] + vector[2]) + (vector[1] + vector[3]);
  } else {
    return vector[0] + vector[1];
  }
}

inline float sumOf(Lanes lanes) {
  const Halves halves(lanes);
  return sumOfElements(halves.low + halves.high);
}

// As many doubles, for sums over a whole batch.
struct DoubleLanes {
  typedef double Half __attribute__((vector_size(sizeof(Lanes))));
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
  double sum() const { return sumOfElements(low + high); }

  DoubleLanes operator+(const DoubleLanes& other) const { return {low + other.low, high + other.high}; }
  DoubleLanes operator-(const DoubleLanes& other) const { return {low - other.low, high - other.high}; }
  DoubleLanes operator*(const DoubleLanes& other) const { return {low * other.low, high * other.high}; }
  DoubleLanes operator*(double factor) const { return {low * factor, high * factor}; }
};

}  // namespace dna
