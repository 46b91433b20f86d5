#include "image-tensors.h"

namespace dna {

std::optional<ImageConvShape> imageConvShape(const at::Tensor& x, at::IntArrayRef filter,
                                             const ImageConvWindow& window) {
  const auto& [strides, padding, dilations] = window;
  if (!x.is_cpu() || x.scalar_type() != at::kFloat || dilations[0] != 1 || dilations[1] != 1) return std::nullopt;
  const ImageConvShape shape{x.size(0),
                             x.size(1),
                             x.size(2),
                             x.size(3),
                             (x.size(1) + padding[0] + padding[1] - filter[0]) / strides[0] + 1,
                             (x.size(2) + padding[2] + padding[3] - filter[1]) / strides[1] + 1,
                             filter[3],
                             filter[0],
                             filter[1],
                             strides[0],
                             strides[1],
                             padding[0],
                             padding[2]};
  return shape.fits() ? std::optional(shape) : std::nullopt;
}

at::Tensor convolveImage(const ImageConvShape& shape, const at::Tensor& x, const at::Tensor& filter,
                         const at::Tensor& bias, Activation activation) {
  const at::Tensor input = x.contiguous(), weight = filter.contiguous(),
                   offset = bias.defined() ? bias.contiguous() : bias;
  at::Tensor y = at::empty({shape.batch, shape.outHeight, shape.outWidth, shape.outputs}, input.options());
  const float* biases = offset.defined() ? offset.const_data_ptr<float>() : nullptr;
  imageConv(shape, input.const_data_ptr<float>(), weight.const_data_ptr<float>(), {biases, activation},
            y.mutable_data_ptr<float>());
  return y;
}

at::Tensor imageFilterGradient(const ImageConvShape& shape, const at::Tensor& x, const at::Tensor& dy) {
  const at::Tensor input = x.contiguous(), gradient = dy.contiguous();
  at::Tensor dfilter = at::empty({shape.kernelHeight, shape.kernelWidth, shape.inputs, shape.outputs}, input.options());
  imageConvFilterGradient(shape, input.const_data_ptr<float>(), gradient.const_data_ptr<float>(),
                          dfilter.mutable_data_ptr<float>());
  return dfilter;
}

}  // namespace dna
