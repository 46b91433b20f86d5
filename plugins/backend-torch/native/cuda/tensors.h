// Between libtorch's tensors and the launchers' pointers.
#pragma once

#ifdef DNA_CUDA_KERNELS

#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "../errors.h"
#include "../torch.h"
#include "activation.h"
#include "launchers.h"

namespace dna::cuda {

// An op's launches: on the current stream of the tensors' device.
class OnDevice {
 public:
  explicit OnDevice(const at::Tensor& tensor) : guard_(tensor.device()) {}
  Stream stream() const { return c10::cuda::getCurrentCUDAStream().stream(); }

 private:
  c10::cuda::CUDAGuard guard_;
};

inline Storage storageOf(const at::Tensor& tensor) {
  if (tensor.scalar_type() == at::kBFloat16) return Storage::Bfloat16;
  if (tensor.scalar_type() == at::kFloat) return Storage::Float32;
  throw UsageError(std::string("expected float32 or bfloat16, found ") + at::toString(tensor.scalar_type()));
}

inline Fused fusedOf(Activation activation) { return static_cast<Fused>(static_cast<int64_t>(activation)); }

// Of [.., c].
inline RowShape rowShapeOf(const at::Tensor& x) {
  const int64_t channels = x.size(-1);
  return {channels == 0 ? 0 : x.numel() / channels, channels, storageOf(x)};
}

// Of [n, h, w, c].
inline ImageShape imageShapeOf(const at::Tensor& x) {
  return {x.size(0), x.size(1) * x.size(2), x.size(3), storageOf(x)};
}

// An activation as the launchers take it: dense, and copied where a view of it begins in between.
inline at::Tensor dense(const at::Tensor& activation) {
  const at::Tensor whole = activation.contiguous();
  return isAligned(whole.const_data_ptr()) ? whole : whole.clone();
}

inline at::Tensor floatVector(const at::Tensor& vector) { return vector.to(at::kFloat).contiguous(); }
inline at::Tensor sameType(const at::Tensor& tensor, const at::Tensor& as) {
  return dense(tensor.to(as.scalar_type()));
}

inline const float* floats(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.const_data_ptr<float>() : nullptr;
}
inline float* mutableFloats(const at::Tensor& tensor) { return tensor.mutable_data_ptr<float>(); }

inline at::Tensor emptyFloats(at::IntArrayRef shape, const at::Tensor& near) {
  return at::empty(shape, near.options().dtype(at::kFloat));
}

}  // namespace dna::cuda

#endif
