// The filter's gradient of a depthwise convolution with a square filter of 3, 5 or 7.
#pragma once

#include "depthwise-planes.h"
#include "torch.h"

namespace dna {

// Whether `depthwiseFilterGradient` can compute it; oneDNN takes five to twenty times as long where it can.
bool hasDepthwiseFilterGradient(const at::Tensor& x, const DepthwiseShape& shape);
// x [n, h, w, c] and dy [n, oh, ow, c], contiguous, of one type → [k, k, c, 1] float32. Equal bits on any threads.
at::Tensor depthwiseFilterGradient(const at::Tensor& x, const at::Tensor& dy, const DepthwiseShape& shape);

}  // namespace dna
