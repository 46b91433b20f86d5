// Activations may be stored in bf16; everything else is float32, int32 or bool.
#pragma once

#include "state.h"
#include "torch.h"

namespace dna {

// A tensor that an op takes or gives in the precision in which activations are stored. An op whose parameter is a
// plain `at::Tensor` is given float32 instead, whatever is stored.
struct Stored {
  at::Tensor tensor;
};

// float32 for arithmetic, whatever is stored.
inline at::Tensor asFloat(const at::Tensor& tensor) {
  return tensor.scalar_type() == at::kBFloat16 ? tensor.to(at::kFloat) : tensor;
}

// The stored form of an activation that was just computed, or comes from outside.
inline Stored store(at::Tensor tensor) {
  const bool narrow = state().precision == Precision::Bfloat16 && tensor.scalar_type() == at::kFloat;
  return {narrow ? tensor.to(at::kBFloat16) : std::move(tensor)};
}

// The result of an op that leaves an activation stored as `like` is.
inline Stored storeLike(const at::Tensor& like, const at::Tensor& tensor) { return {tensor.to(like.scalar_type())}; }

}  // namespace dna
