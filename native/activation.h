// The activations that our kernels fuse, each with its slope.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>

#include "exponential.h"

namespace dna {

// The numbers under which the backends' kernels pass them.
enum class Activation : int64_t { None = 0, Relu = 1, Relu6 = 2, Swish = 3, Sigmoid = 4 };

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
  if constexpr (activation == Activation::Swish) {
    const Lanes gate = sigmoid(x);
    return dy * gate * (1.0f + x * (1.0f - gate));
  }
  if constexpr (activation == Activation::Sigmoid) {
    const Lanes gate = sigmoid(x);
    return dy * gate * (1.0f - gate);
  }
  return dy;
}

// An activation's value, and its slope there.
struct Activated {
  Lanes value, slope;
};

template <Activation activation>
inline Activated activatedWithSlope(Lanes x) {
  if constexpr (activation == Activation::Swish) {
    const Lanes gate = sigmoid(x), y = x * gate;
    return {y, gate + y * (1.0f - gate)};
  }
  return {activated<activation>(x), activationGradient<activation>(splat(1.0f), x)};
}

// Calls `work` with the activation as a constant of the compiler.
template <typename Work>
decltype(auto) withActivation(Activation activation, Work&& work) {
  switch (activation) {
    case Activation::None: return work(std::integral_constant<Activation, Activation::None>{});
    case Activation::Relu: return work(std::integral_constant<Activation, Activation::Relu>{});
    case Activation::Relu6: return work(std::integral_constant<Activation, Activation::Relu6>{});
    case Activation::Swish: return work(std::integral_constant<Activation, Activation::Swish>{});
    case Activation::Sigmoid: return work(std::integral_constant<Activation, Activation::Sigmoid>{});
  }
  throw std::invalid_argument("there is no activation " + std::to_string(static_cast<int64_t>(activation)));
}

}  // namespace dna
