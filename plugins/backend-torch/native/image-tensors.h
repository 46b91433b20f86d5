// Our own convolution of images (`native/image-conv.h`) on tensors.
#pragma once

#include <optional>

#include "image-conv.h"
#include "torch.h"

namespace dna {

struct ImageConvWindow {
  // Of both axes; padding: top, bottom, left, right.
  const std::vector<int64_t>&strides, &padding, &dilations;
};

// The shape of a call with x [n, h, w, c] and a filter [kh, kw, c, o]; none where the kernel is not for it.
std::optional<ImageConvShape> imageConvShape(const at::Tensor& x, at::IntArrayRef filter,
                                             const ImageConvWindow& window);

// activation(convolution + bias); the bias may be undefined.
at::Tensor convolveImage(const ImageConvShape& shape, const at::Tensor& x, const at::Tensor& filter,
                         const at::Tensor& bias, Activation activation);
at::Tensor imageFilterGradient(const ImageConvShape& shape, const at::Tensor& x, const at::Tensor& dy);

}  // namespace dna
