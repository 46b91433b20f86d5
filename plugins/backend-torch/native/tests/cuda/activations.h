// The activations in float64, independent of the kernels' own.
#pragma once

#include <algorithm>
#include <cmath>

#include "../../cuda/launchers.h"

namespace dna::tests {

using cuda::Fused;

constexpr Fused ACTIVATIONS[] = {Fused::None, Fused::Relu, Fused::Relu6, Fused::Swish, Fused::Sigmoid};

inline double activation(Fused kind, double x) {
  const double sigmoid = 1.0 / (1.0 + std::exp(-x));
  if (kind == Fused::Relu) return std::max(x, 0.0);
  if (kind == Fused::Relu6) return std::min(std::max(x, 0.0), 6.0);
  if (kind == Fused::Swish) return x * sigmoid;
  return kind == Fused::Sigmoid ? sigmoid : x;
}

inline double slope(Fused kind, double x) {
  const double sigmoid = 1.0 / (1.0 + std::exp(-x));
  if (kind == Fused::Relu) return x > 0 ? 1 : 0;
  if (kind == Fused::Relu6) return x > 0 && x < 6 ? 1 : 0;
  if (kind == Fused::Swish) return sigmoid * (1 + x * (1 - sigmoid));
  return kind == Fused::Sigmoid ? sigmoid * (1 - sigmoid) : 1;
}

}  // namespace dna::tests
