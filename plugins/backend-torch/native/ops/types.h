// tfjs's types of numbers, as TypeScript names them by code.
#pragma once

#include <cmath>

#include "../torch.h"

namespace dna {

inline at::ScalarType typeOfCode(int64_t code) { return code == 1 ? at::kInt : code == 2 ? at::kBool : at::kFloat; }

// Bools counted as 0 and 1: libtorch has no arithmetic for them.
inline at::Tensor numeric(const at::Tensor& x) { return x.scalar_type() == at::kBool ? x.to(at::kInt) : x; }

// For functions that libtorch has for floats alone.
inline at::Tensor floating(const at::Tensor& x) { return x.is_floating_point() ? x : x.to(at::kFloat); }

// As a JavaScript typed array stores a number that it cannot hold: without its fraction, modulo 2^32, NaN and the
// infinities as 0. On the host, going through 64 bits gives just that; a GPU saturates what 64 bits do not hold.
inline int64_t wrapToInt(double number) {
  if (!std::isfinite(number)) return 0;
  return static_cast<int32_t>(static_cast<uint32_t>(static_cast<int64_t>(std::fmod(std::trunc(number), 4294967296.0))));
}

inline at::Tensor wrapToInt(const at::Tensor& x) { return x.to(at::kLong).to(at::kInt); }

}  // namespace dna
