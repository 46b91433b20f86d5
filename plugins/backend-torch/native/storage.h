// How activations are stored: lanes of float32 or of bf16, and which of the two a tensor has.
#pragma once

#include "errors.h"
#include "lanes.h"
#include "torch.h"

namespace dna {

typedef uint32_t UnsignedLanes __attribute__((vector_size(sizeof(Lanes))));
typedef uint16_t ShortLanes __attribute__((vector_size(sizeof(Lanes) / 2)));

inline Lanes load(const at::BFloat16* from) {
  ShortLanes halves;
  std::memcpy(&halves, from, sizeof halves);
  return bitsAs<Lanes>(__builtin_convertvector(halves, UnsignedLanes) << 16);
}

// Rounds to the nearest, ties to even, as libtorch does; a NaN stays one.
inline void store(at::BFloat16* to, Lanes lanes) {
  const auto bits = bitsAs<UnsignedLanes>(lanes);
  const UnsignedLanes rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  const UnsignedLanes quiet = (bits >> 16) | 0x40u;
  const auto halves = __builtin_convertvector(lanes == lanes ? rounded : quiet, ShortLanes);
  std::memcpy(to, &halves, sizeof halves);
}

inline void stream(at::BFloat16* to, Lanes lanes) { store(to, lanes); }

// Calls `work` with the type in which an activation is stored: a value of it.
template <typename Work>
decltype(auto) withStorage(const at::Tensor& tensor, Work&& work) {
  if (tensor.scalar_type() == at::kBFloat16) return work(at::BFloat16{});
  if (tensor.scalar_type() == at::kFloat) return work(float{});
  throw UsageError(std::string("expected float32 or bfloat16, found ") + at::toString(tensor.scalar_type()));
}

}  // namespace dna
