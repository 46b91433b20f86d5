// A depthwise convolution with bias and activation, and its gradients to input and filter, for square filters [k, k, c, 1]
// without dilation and one stride for both axes. The bits are the same on any number of threads.
#pragma once

#include "activation.h"
#include "bfloat16.h"
#include "depthwise-planes.h"

namespace dna::cpu {

// What a convolution takes beside its input; no bias is 0.
struct DepthwiseFilter {
  const float *taps, *bias;
  Activation activation;
};

// x [n, h, w, c] → activation(convolution + bias) [n, oh, ow, c].
void depthwiseConv2d(const DepthwiseShape& shape, const float* x, const DepthwiseFilter& filter, float* y);

// dy [n, oh, ow, c] → dx [n, h, w, c].
void depthwiseConv2dGradInput(const DepthwiseShape& shape, const float* dy, const float* taps, float* dx);

// Filters whose gradient there is: the sums of all their taps are kept in registers.
inline bool hasDepthwiseGradFilter(int64_t kernel) { return kernel == 3 || kernel == 5 || kernel == 7; }

// → dfilter [k, k, c, 1]; throws where there is none. Storage is float or Bfloat16.
template <typename Storage>
void depthwiseConv2dGradFilter(const DepthwiseShape& shape, const Storage* x, const Storage* dy, float* dfilter);

}  // namespace dna::cpu
