// A convolution of images: of the few channels that a network's first layer reads.
//
// Libraries multiply whole vectors of input channels; an image has one or three. Here the windows of a row of results are
// the rows of a matrix, read where they lie, and the filter is the other one.
#pragma once

#include <cstdint>

#include "activation.h"

namespace dna {

struct ImageConvShape {
  // x [n, h, w, c] → y [n, oh, ow, o]
  int64_t batch, height, width, inputs;
  int64_t outHeight, outWidth, outputs;
  int64_t kernelHeight, kernelWidth, strideDown, strideAcross, top, left;

  static constexpr int64_t MOST_INPUTS = 4, MOST_DEPTH = 160;

  // Whether it is a convolution for which these functions were written.
  bool fits() const {
    return inputs <= MOST_INPUTS && depth() <= MOST_DEPTH && batch > 0 && outHeight > 0 && outWidth > 0;
  }
  // Values of a window, as they lie in the filter [kh, kw, c, o].
  int64_t depth() const { return kernelHeight * kernelWidth * inputs; }
};

// What is done to each result before it is written.
struct ImageConvEnd {
  // [o], or nothing.
  const float* bias = nullptr;
  Activation activation = Activation::None;
};

void imageConv(const ImageConvShape& shape, const float* x, const float* filter, const ImageConvEnd& end, float* y);

// → dfilter [kh, kw, c, o]
void imageConvFilterGradient(const ImageConvShape& shape, const float* x, const float* dy, float* dfilter);

}  // namespace dna
