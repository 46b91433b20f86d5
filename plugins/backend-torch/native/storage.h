// How a tensor's activations are stored, for what takes pointers.
#pragma once

#include "bfloat16.h"
#include "errors.h"
#include "torch.h"

namespace dna {

// Calls `work` with the type in which an activation is stored: a value of it.
template <typename Work>
decltype(auto) withStorage(const at::Tensor& tensor, Work&& work) {
  if (tensor.scalar_type() == at::kBFloat16) return work(Bfloat16{});
  if (tensor.scalar_type() == at::kFloat) return work(float{});
  throw UsageError(std::string("expected float32 or bfloat16, found ") + at::toString(tensor.scalar_type()));
}

inline void requireOnHost(const at::Tensor& tensor) {
  if (!tensor.is_cpu()) throw UsageError("a kernel for the CPU was given a tensor of another device");
}

// A tensor's memory; libtorch throws where it holds another type.
template <typename Storage>
const Storage* stored(const at::Tensor& tensor) {
  requireOnHost(tensor);
  if constexpr (std::is_same_v<Storage, float>) return tensor.const_data_ptr<float>();
  else return reinterpret_cast<const Storage*>(tensor.const_data_ptr<at::BFloat16>());
}
template <typename Storage>
Storage* mutableStored(at::Tensor& tensor) {
  requireOnHost(tensor);
  if constexpr (std::is_same_v<Storage, float>) return tensor.mutable_data_ptr<float>();
  else return reinterpret_cast<Storage*>(tensor.mutable_data_ptr<at::BFloat16>());
}
inline const float* floats(const at::Tensor& tensor) { return stored<float>(tensor); }
inline float* mutableFloats(at::Tensor& tensor) { return mutableStored<float>(tensor); }

}  // namespace dna
