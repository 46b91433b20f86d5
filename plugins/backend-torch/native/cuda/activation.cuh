// The activations that kernels fuse, each with its slope; `../activation.h` has them for the host.
#pragma once

#include <stdexcept>
#include <type_traits>

#include "launchers.h"
#include "platform.cuh"

namespace dna::cuda {

__device__ inline float sigmoid(float x) { return fastDivide(1.0f, 1.0f + fastExp(-x)); }

template <Fused activation>
__device__ inline float activated(float x) {
  if constexpr (activation == Fused::Relu) return x < 0.0f ? 0.0f : x;
  if constexpr (activation == Fused::Relu6) return x < 0.0f ? 0.0f : x > 6.0f ? 6.0f : x;
  if constexpr (activation == Fused::Swish) return x * sigmoid(x);
  if constexpr (activation == Fused::Sigmoid) return sigmoid(x);
  return x;
}

// dy times the activation's slope at x; 0 at the kinks.
template <Fused activation>
__device__ inline float activationGradient(float dy, float x) {
  if constexpr (activation == Fused::Relu) return x > 0.0f ? dy : 0.0f;
  if constexpr (activation == Fused::Relu6) return x > 0.0f && x < 6.0f ? dy : 0.0f;
  if constexpr (activation == Fused::Swish) {
    const float gate = sigmoid(x);
    return dy * gate * (1.0f + x * (1.0f - gate));
  }
  if constexpr (activation == Fused::Sigmoid) {
    const float gate = sigmoid(x);
    return dy * gate * (1.0f - gate);
  }
  return dy;
}

// Calls `work` with the activation as a constant of the compiler.
template <typename Work>
void withFused(Fused activation, Work&& work) {
  switch (activation) {
    case Fused::None: return work(std::integral_constant<Fused, Fused::None>{});
    case Fused::Relu: return work(std::integral_constant<Fused, Fused::Relu>{});
    case Fused::Relu6: return work(std::integral_constant<Fused, Fused::Relu6>{});
    case Fused::Swish: return work(std::integral_constant<Fused, Fused::Swish>{});
    case Fused::Sigmoid: return work(std::integral_constant<Fused, Fused::Sigmoid>{});
  }
  throw std::invalid_argument("there is no such activation");
}

}  // namespace dna::cuda
