// Activations that are stored in bf16: the upper half of a float32.
#pragma once

#include "lanes.h"

namespace dna {

struct Bfloat16 {
  uint16_t bits;
};

typedef uint32_t UnsignedLanes __attribute__((vector_size(sizeof(Lanes))));
typedef uint16_t ShortLanes __attribute__((vector_size(sizeof(Lanes) / 2)));

inline float valueOf(float stored) { return stored; }
inline float valueOf(Bfloat16 stored) { return bitsAs<float>(static_cast<uint32_t>(stored.bits) << 16); }

inline Lanes load(const Bfloat16* from) {
  ShortLanes halves;
  std::memcpy(&halves, from, sizeof halves);
  return bitsAs<Lanes>(__builtin_convertvector(halves, UnsignedLanes) << 16);
}

// Rounds to the nearest, ties to even; a NaN stays one.
inline void store(Bfloat16* to, Lanes lanes) {
  const auto bits = bitsAs<UnsignedLanes>(lanes);
  const UnsignedLanes rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  const UnsignedLanes quiet = (bits >> 16) | 0x40u;
  const auto halves = __builtin_convertvector(lanes == lanes ? rounded : quiet, ShortLanes);
  std::memcpy(to, &halves, sizeof halves);
}

// The first `count` lanes, zeros behind them.
inline Lanes loadPart(const Bfloat16* from, int64_t count) {
  if (count >= LANES) return load(from);
  Lanes lanes{};
  for (int64_t lane = 0; lane < count; ++lane) lanes[lane] = valueOf(from[lane]);
  return lanes;
}

inline void storePart(Bfloat16* to, Lanes lanes, int64_t count) {
  if (count >= LANES) return store(to, lanes);
  Bfloat16 whole[LANES];
  store(whole, lanes);
  std::memcpy(to, whole, static_cast<size_t>(count) * sizeof(Bfloat16));
}

inline void stream(Bfloat16* to, Lanes lanes) { store(to, lanes); }

}  // namespace dna
