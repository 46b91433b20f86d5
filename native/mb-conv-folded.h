// A whole MBConv whose batch norms are folded into its convolutions, as frozen networks have it: expand, depthwise,
// squeeze-and-excite, project, and the input added.
#pragma once

#include "activation.h"
#include "mb-conv-shape.h"

namespace dna {

// Weights and biases, each in one piece; none (null) without an expansion, without squeeze-and-excitation.
struct MbConvFoldedWeights {
  const float *expand, *expandBias, *filter, *filterBias;
  const float *reduce, *reduceBias, *excite, *exciteBias, *project, *projectBias;

  static MbConvFoldedWeights of(const std::vector<const float*>& list);
};

struct MbConvFoldedCall {
  MbConvShape shape;
  const float* x;
  MbConvFoldedWeights weights;
  Activation activation;
  // Whether x is added to the result, which then has its shape.
  bool residual;
};

// x [n, h, w, i] → y [n, oh, ow, o]
void mbConvFoldedForward(const MbConvFoldedCall& call, float* y);

}  // namespace dna
