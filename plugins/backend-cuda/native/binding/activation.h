// The activations that our ops fuse, each with its slope.
#pragma once

#include <type_traits>

#include "lanes.h"

namespace dna {

// The numbers under which TypeScript passes them (`kernels/own-ops.ts`).
enum class Activation : int { None = 0, Relu = 1, Relu6 = 2, Swish = 3, Sigmoid = 4 };

template <Activation activation>
inline Lanes activated(Lanes x) {
  const Lanes zero = splat(0.0f), six = splat(6.0f);
  if constexpr (activation == Activation::Relu) return x < zero ? zero : x;
  if constexpr (activation == Activation::Relu6) return x < zero ? zero : x > six ? six : x;
  if constexpr (activation == Activation::Swish) return x * sigmoid(x);
  if constexpr (activation == Activation::Sigmoid) return sigmoid(x);
  return x;
}

// dy times the activation's slope at x; 0 at the kinks.
template <Activation activation>
inline Lanes activationGradient(Lanes dy, Lanes x) {
  const Lanes zero = splat(0.0f), six = splat(6.0f);
  if constexpr (activation == Activation::Relu) return x > zero ? dy : zero;
  if constexpr (activation == Activation::Relu6) return x > zero ? (x < six ? dy : zero) : zero;
  if constexpr (activation == Activation::None) return dy;
  const Lanes gate = sigmoid(x);
  if constexpr (activation == Activation::Swish) return dy * gate * (1.0f + x * (1.0f - gate));
  return dy * gate * (1.0f - gate);
}

// Calls `work` with the activation as a constant of the compiler.
template <typename Work>
void withActivation(int activation, Work&& work) {
  using A = Activation;
  switch (static_cast<A>(activation)) {
    case A::Relu: return work(std::integral_constant<A, A::Relu>{});
    case A::Relu6: return work(std::integral_constant<A, A::Relu6>{});
    case A::Swish: return work(std::integral_constant<A, A::Swish>{});
    case A::Sigmoid: return work(std::integral_constant<A, A::Sigmoid>{});
    default: return work(std::integral_constant<A, A::None>{});
  }
}

}  // namespace dna
