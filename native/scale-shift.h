// activation(x · scale + shift) a channel: folded batch norms, and the bias of a convolution.
#pragma once

#include "activation.h"
#include "bfloat16.h"

namespace dna::cpu {

// x [rows, channels], scale and shift [channels] → y as x. Storage is float or Bfloat16.
struct ScaleShift {
  int64_t rows, channels;
  const float *scale, *shift;
  Activation activation;
};

template <typename Storage>
void scaleShift(const ScaleShift& of, const Storage* x, Storage* y);

}  // namespace dna::cpu
