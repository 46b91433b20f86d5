// The one header that includes libtorch; compiled once for all files.
#ifndef DNA_TORCH_H
#define DNA_TORCH_H

#include <ATen/ATen.h>
#include <ATen/EmptyTensor.h>
#include <ATen/Parallel.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

namespace dna {

// Floats on the CPU, not set. An op that makes dozens of small tensors would spend more time on asking libtorch's dispatcher.
inline at::Tensor emptyFloats(at::IntArrayRef shape) { return at::detail::empty_cpu(shape, at::kFloat); }

}  // namespace dna

#endif
