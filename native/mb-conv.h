// A whole MBConv in training mode: expand, batch norm, depthwise, batch norm, squeeze-and-excite, project, batch norm; and
// its gradient. On plain memory: a backend's op checks shapes, allocates and calls.
#pragma once

#include <array>

#include "activation.h"
#include "mb-conv-shape.h"

namespace dna {

// Each in one piece, in the order in which TypeScript gives them (`nn/kernels.ts`, MbConvTraining).
struct MbConvWeights {
  const float *expand, *scale1, *offset1, *filter, *scale2, *offset2;
  const float *reduce, *reduceBias, *excite, *exciteBias, *project, *scale3, *offset3;

  static MbConvWeights of(const std::array<const float*, 13>& p) {
    return {p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12]};
  }
};

// What is given to both passes: x [n, h, w, i] and the weights.
struct MbConvCall {
  MbConvShape shape;
  const float* x;
  MbConvWeights weights;
  double epsilon;
  Activation activation;
};

// y [n, oh, ow, o], mean and biased variance of the three norms' inputs, and what the gradient needs: the maps before the
// norms in rows of whole vectors (`expanded` where it is kept), and each image's squeezed means and gates.
struct MbConvOutputs {
  float *y, *mean1, *variance1, *mean2, *variance2, *mean3, *variance3;
  float *expanded, *filtered, *projected, *mean, *gate;

  static MbConvOutputs of(const std::array<float*, 12>& p) {
    return {p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11]};
  }
};

// The outputs behind y, as the gradient is given them.
struct MbConvKept {
  const float *mean1, *variance1, *mean2, *variance2, *mean3, *variance3;
  const float *expanded, *filtered, *projected, *mean, *gate;

  static MbConvKept of(const std::array<const float*, 11>& p) {
    return {p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10]};
  }
};

// Gradients of x and of the weights, each in one piece.
struct MbConvGradients {
  float *x, *expand, *scale1, *offset1, *filter, *scale2, *offset2;
  float *reduce, *reduceBias, *excite, *exciteBias, *project, *scale3, *offset3;

  static MbConvGradients of(const std::array<float*, 14>& p) {
    return {p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12], p[13]};
  }
};

// Memory for the gradients of the maps behind the three norms, in rows of whole vectors; the last first.
struct MbConvMaps {
  float *outer, *middle, *inner;

  // In a block of `floats(shape)`.
  MbConvMaps(const MbConvShape& shape, float* block)
      : outer(block + shape.expandedFloats() + shape.filteredFloats()),
        middle(block + shape.expandedFloats()),
        inner(block) {}

  // Rounded up, so that small layers have blocks of one size: an allocator then gives the one that is still in the cache.
  static int64_t floats(const MbConvShape& shape) {
    constexpr int64_t STEP = int64_t{1} << 20;
    const int64_t all = shape.projectedFloats() + shape.filteredFloats() + shape.expandedFloats();
    return (all + STEP - 1) / STEP * STEP;
  }
};

// The same bits on any number of threads.
void mbConvForward(const MbConvCall& call, const MbConvOutputs& outputs);
// `dy` is the gradient of y.
void mbConvGradient(const MbConvCall& call, const float* dy, const MbConvKept& kept, const MbConvMaps& maps,
                    const MbConvGradients& gradients);

}  // namespace dna
