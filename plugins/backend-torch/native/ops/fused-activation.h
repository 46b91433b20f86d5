// The activations that tfjs fuses into products and convolutions.
#pragma once

#include <optional>
#include <string>

#include "../torch.h"

namespace dna {

struct FusedActivation {
  // linear, relu, relu6, elu, prelu, leakyrelu or sigmoid.
  std::string name;
  // Slopes below zero of `prelu`, broadcast.
  std::optional<at::Tensor> slopes;
  // Slope below zero of `leakyrelu`.
  double slope = 0;
};

// The activation of x, which is overwritten where that saves a tensor: x must be the caller's own.
at::Tensor activate(at::Tensor x, const FusedActivation& activation);

}  // namespace dna
