// Convolutions of all channels and of each channel on its own: forward, and the gradients of input and filter.
//
// Tensors are [n, h, w, c] and filters [kh, kw, c, o]; libtorch is given views of them in its own order of axes, which
// for activations is its channels-last layout.
#include <ATen/core/dispatch/Dispatcher.h>

#include "../bind.h"
#include "../converted-weights.h"
#include "../cuda/kernels.h"
#include "../image-tensors.h"
#include "../shapes.h"
#include "../storage.h"
#include "depthwise-conv2d.h"

namespace dna {

namespace {

using Pair = std::vector<int64_t>;

struct Geometry {
  Pair strides;
  // top, bottom, left, right
  Pair padding;
  Pair dilations;

  bool symmetric() const { return padding[0] == padding[1] && padding[2] == padding[3]; }
  // Of a filter of this shape: as high as wide, its taps side by side.
  bool isSquare(const Pair& filter) const {
    return filter[0] == filter[1] && strides[0] == strides[1] && dilations[0] == 1 && dilations[1] == 1;
  }
  Pair libtorchPadding() const { return symmetric() ? Pair{padding[0], padding[2]} : Pair{0, 0}; }
};

ImageConvWindow windowOf(const Geometry& of) { return {of.strides, of.padding, of.dilations}; }

at::Tensor toChannelsFirst(const at::Tensor& x) { return x.permute({0, 3, 1, 2}); }
at::Tensor toChannelsLast(const at::Tensor& y) { return y.permute({0, 2, 3, 1}); }

// x as libtorch wants it, padded where the two sides differ.
at::Tensor prepared(const at::Tensor& x, const Geometry& geometry) {
  const at::Tensor first = toChannelsFirst(x.contiguous());
  if (geometry.symmetric()) return first;
  const Pair& padding = geometry.padding;
  return at::constant_pad_nd(first, {padding[2], padding[3], padding[0], padding[1]}, 0);
}

at::Tensor convolve(const Stored& input, const at::Tensor& filter, const Geometry& geometry, bool depthwise) {
  const at::Tensor x = store(input.tensor).tensor;
  const at::Tensor weight = convertedFilter(filter, depthwise, x.scalar_type());
  const at::Tensor y = at::convolution(prepared(x, geometry), weight, {}, geometry.strides, geometry.libtorchPadding(),
                                       geometry.dilations, false, {0, 0}, depthwise ? filter.size(2) : 1);
  return toChannelsLast(y);
}

struct Wanted {
  bool input, filter;
};

std::tuple<at::Tensor, at::Tensor> gradients(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& weight,
                                             const Geometry& geometry, int64_t groups, Wanted wanted) {
  const at::Tensor dy = toChannelsFirst(gradient.to(x.scalar_type()).contiguous());
  const auto [dx, dweight, dbias] =
      at::convolution_backward(dy, x, weight, std::nullopt, geometry.strides, geometry.libtorchPadding(),
                               geometry.dilations, false, {0, 0}, groups, {wanted.input, wanted.filter, false});
  return {dx, dweight};
}

// Without what was padded.
at::Tensor cropped(const at::Tensor& dx, const Geometry& geometry, const std::vector<int64_t>& shape) {
  const at::Tensor last = toChannelsLast(dx);
  if (geometry.symmetric()) return last;
  return last.narrow(1, geometry.padding[0], shape[1]).narrow(2, geometry.padding[2], shape[2]).contiguous();
}

at::Tensor gradientOfInput(const Stored& gradient, const at::Tensor& filter, const std::vector<int64_t>& shape,
                           const Geometry& geometry, bool depthwise) {
  const at::Tensor dy = store(gradient.tensor).tensor;
  const Pair& padding = geometry.padding;
  const int64_t height = shape[1] + (geometry.symmetric() ? 0 : padding[0] + padding[1]);
  const int64_t width = shape[2] + (geometry.symmetric() ? 0 : padding[2] + padding[3]);
  // Only its shape and layout are read; the memory is never touched.
  const at::Tensor like = at::empty({shape[0], height, width, shape[3]}, dy.options());
  const at::Tensor weight = convertedFilter(filter, depthwise, dy.scalar_type());
  return cropped(
      std::get<0>(gradients(dy, toChannelsFirst(like), weight, geometry, depthwise ? shape[3] : 1, {true, false})),
      geometry, shape);
}

// With stride 1 the gradient of the input is a depthwise convolution of dy itself, with the filter turned round: oneDNN's
// forward is two to three times as fast as its gradient.
bool isForwardAgain(const Geometry& geometry) {
  const auto ones = [](const Pair& pair) { return pair[0] == 1 && pair[1] == 1; };
  return ones(geometry.strides) && ones(geometry.dilations);
}

Stored depthwiseForwardAgain(const Stored& dy, const at::Tensor& filter, const Geometry& geometry) {
  const int64_t rows = filter.size(0) - 1, columns = filter.size(1) - 1;
  const Pair& padding = geometry.padding;
  const Geometry turned{geometry.strides,
                        {rows - padding[0], rows - padding[1], columns - padding[2], columns - padding[3]},
                        geometry.dilations};
  return {convolve(dy, filter.flip({0, 1}), turned, true)};
}

at::Tensor gradientOfFilter(const Stored& input, const Stored& dy, const std::vector<int64_t>& shape,
                            const Geometry& geometry, bool depthwise) {
  const at::Tensor x = store(input.tensor).tensor;
  const std::vector<int64_t> order = depthwise ? std::vector<int64_t>{shape[2], 1, shape[0], shape[1]}
                                               : std::vector<int64_t>{shape[3], shape[2], shape[0], shape[1]};
  const at::Tensor weight = at::empty(order, x.options());
  const at::Tensor dweight = std::get<1>(
      gradients(dy.tensor, prepared(x, geometry), weight, geometry, depthwise ? shape[2] : 1, {false, true}));
  return asFloat(depthwise ? dweight.permute({2, 3, 0, 1}) : dweight.permute({2, 3, 1, 0})).contiguous();
}

#ifdef DNA_CUDA_KERNELS

// Top and left; the output's size tells the rest.
cuda::DepthwiseOptions cudaOptions(const Geometry& geometry) {
  return {geometry.strides[0], geometry.padding[0], geometry.padding[2]};
}

// Height and width of the output of a filter [kh, kw, c, 1].
Pair outputSize(const at::Tensor& x, const at::Tensor& filter, const Geometry& geometry) {
  const Pair& padding = geometry.padding;
  return {(x.size(1) + padding[0] + padding[1] - filter.size(0)) / geometry.strides[0] + 1,
          (x.size(2) + padding[2] + padding[3] - filter.size(1)) / geometry.strides[1] + 1};
}

#endif

void requireConvolution(const char* op, const at::Tensor& x, const at::Tensor& filter, bool depthwise) {
  const bool fit =
      x.dim() == 4 && filter.dim() == 4 && x.size(3) == filter.size(2) && (!depthwise || filter.size(3) == 1);
  requireShapes(fit, op,
                depthwise ? "x [n, h, w, c] and filter [kh, kw, c, 1]" : "x [n, h, w, c] and filter [kh, kw, c, o]",
                {x, filter});
}

Stored conv2d(const Stored& x, const at::Tensor& filter, const Pair& strides, const Pair& padding,
              const Pair& dilations) {
  requireConvolution("Conv2d", x.tensor, filter, false);
  const Geometry geometry{strides, padding, dilations};
  const auto shape = imageConvShape(store(x.tensor).tensor, filter.sizes(), windowOf(geometry));
  if (shape) return {convolveImage(*shape, x.tensor, filter, {}, Activation::None)};
  return {convolve(x, filter, geometry, false)};
}

Stored conv2dGradInput(const Stored& dy, const at::Tensor& filter, const std::vector<int64_t>& inputShape,
                       const Pair& strides, const Pair& padding, const Pair& dilations) {
  return {gradientOfInput(dy, filter, inputShape, {strides, padding, dilations}, false)};
}

at::Tensor conv2dGradFilter(const Stored& x, const Stored& dy, const std::vector<int64_t>& filterShape,
                            const Pair& strides, const Pair& padding, const Pair& dilations) {
  const Geometry geometry{strides, padding, dilations};
  const auto shape = imageConvShape(store(x.tensor).tensor, filterShape, windowOf(geometry));
  if (!shape) return gradientOfFilter(x, dy, filterShape, geometry, false);
  return imageFilterGradient(*shape, x.tensor, asFloat(dy.tensor));
}

Stored depthwiseConv2d(const Stored& x, const at::Tensor& filter, const Pair& strides, const Pair& padding,
                       const Pair& dilations) {
  requireConvolution("DepthwiseConv2d", x.tensor, filter, true);
  const Geometry geometry{strides, padding, dilations};
#ifdef DNA_CUDA_KERNELS
  if (x.tensor.is_cuda() && cuda::hasDepthwise(x.tensor, filter.sizes(), strides, padding, dilations)) {
    return {cuda::depthwiseConv2d(store(x.tensor).tensor, filter, {}, Activation::None,
                                  outputSize(x.tensor, filter, geometry), cudaOptions(geometry))};
  }
#endif
  return {convolve(x, filter, geometry, true)};
}

Stored depthwiseConv2dGradInput(const Stored& dy, const at::Tensor& filter, const std::vector<int64_t>& inputShape,
                                const Pair& strides, const Pair& padding, const Pair& dilations) {
  const Geometry geometry{strides, padding, dilations};
#ifdef DNA_CUDA_KERNELS
  if (dy.tensor.is_cuda() && cuda::hasDepthwise(dy.tensor, filter.sizes(), strides, padding, dilations)) {
    return {cuda::depthwiseConv2dGradInput(dy.tensor, filter, inputShape, cudaOptions(geometry))};
  }
#endif
  const bool covered = padding[0] < filter.size(0) && padding[1] < filter.size(0) && padding[2] < filter.size(1) &&
                       padding[3] < filter.size(1);
  if (dy.tensor.is_cpu() && covered && isForwardAgain(geometry)) return depthwiseForwardAgain(dy, filter, geometry);
  return {gradientOfInput(dy, filter, inputShape, geometry, true)};
}

at::Tensor depthwiseConv2dGradFilter(const Stored& x, const Stored& dy, const std::vector<int64_t>& filterShape,
                                     const Pair& strides, const Pair& padding, const Pair& dilations) {
  const Geometry geometry{strides, padding, dilations};
  const at::Tensor &input = x.tensor, &gradient = dy.tensor;
#ifdef DNA_CUDA_KERNELS
  if (input.is_cuda() && cuda::hasDepthwise(input, filterShape, strides, padding, dilations)) {
    return cuda::depthwiseConv2dGradFilter(gradient, input, filterShape, cudaOptions(geometry));
  }
#endif
  const bool ours = input.is_cpu() && input.numel() > 0 && geometry.isSquare(filterShape) &&
                    cpu::hasDepthwiseGradFilter(filterShape[0]);
  if (!ours) return gradientOfFilter(x, dy, filterShape, geometry, true);
  const at::Tensor from = input.contiguous(), to = gradient.to(input.scalar_type()).contiguous();
  const DepthwiseShape shape{from.size(0), from.size(1),   from.size(2), from.size(3), to.size(1),
                             to.size(2),   filterShape[0], strides[0],   padding[0],   padding[2]};
  at::Tensor dfilter = emptyFloats(filterShape);
  withStorage(from, [&](auto type) {
    using Storage = decltype(type);
    cpu::depthwiseConv2dGradFilter(shape, stored<Storage>(from), stored<Storage>(to), mutableFloats(dfilter));
  });
  return dfilter;
}

// oneDNN's names of the activations that it applies before it stores.
const char* oneDnnName(Activation activation) {
  switch (activation) {
    case Activation::Relu: return "relu";
    case Activation::Swish: return "swish";
    case Activation::Sigmoid: return "sigmoid";
    default: return "none";
  }
}

// libtorch's convolution for inference: bias and activation before the result is stored.
at::Tensor fusedConvolution(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                            const Geometry& geometry, int64_t groups, Activation activation) {
  using Function = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                              c10::SymIntArrayRef, c10::SymIntArrayRef, c10::SymIntArrayRef, c10::SymInt,
                              c10::string_view, c10::List<std::optional<at::Scalar>>, std::optional<c10::string_view>);
  static const auto op =
      c10::Dispatcher::singleton().findSchemaOrThrow("mkldnn::_convolution_pointwise", "").typed<Function>();
  const Pair padding = geometry.libtorchPadding();
  return op.call(x, weight, bias, c10::fromIntArrayRefSlow(padding), c10::fromIntArrayRefSlow(geometry.strides),
                 c10::fromIntArrayRefSlow(geometry.dilations), groups, oneDnnName(activation),
                 c10::List<std::optional<at::Scalar>>(), std::nullopt);
}

// activation(convolution + bias), for frozen networks.
Stored withBias(const Stored& input, const at::Tensor& filter, const at::Tensor& bias, const Geometry& geometry,
                bool depthwise, int64_t activation) {
  const auto kind = static_cast<Activation>(activation);
  const at::Tensor x = store(input.tensor).tensor;
#ifdef DNA_CUDA_KERNELS
  if (!x.is_cpu()) return {cuda::scaleShift(convolve(input, filter, geometry, depthwise), {}, bias, kind)};
#endif
  if (x.numel() == 0) return {convolve(input, filter, geometry, depthwise)};
  const at::Tensor weight = convertedFilter(filter, depthwise, x.scalar_type());
  const at::Tensor y = fusedConvolution(prepared(x, geometry), weight, bias.to(x.scalar_type()), geometry,
                                        depthwise ? filter.size(2) : 1, kind);
  return {toChannelsLast(kind == Activation::Relu6 ? at::clamp(y, 0, 6) : y)};
}

Stored conv2dBias(const Stored& x, const at::Tensor& filter, const at::Tensor& bias, const Pair& strides,
                  const Pair& padding, const Pair& dilations, int64_t activation) {
  requireConvolution("Conv2dBias", x.tensor, filter, false);
  const Geometry geometry{strides, padding, dilations};
  const auto shape = imageConvShape(store(x.tensor).tensor, filter.sizes(), windowOf(geometry));
  if (shape) return {convolveImage(*shape, x.tensor, filter, bias, static_cast<Activation>(activation))};
  return withBias(x, filter, bias, geometry, false, activation);
}

Stored depthwiseConv2dBias(const Stored& x, const at::Tensor& filter, const at::Tensor& bias, const Pair& strides,
                           const Pair& padding, const Pair& dilations, int64_t activation) {
  requireConvolution("DepthwiseConv2dBias", x.tensor, filter, true);
  const Geometry geometry{strides, padding, dilations};
#ifdef DNA_CUDA_KERNELS
  if (x.tensor.is_cuda() && cuda::hasDepthwise(x.tensor, filter.sizes(), strides, padding, dilations)) {
    return {cuda::depthwiseConv2d(store(x.tensor).tensor, filter, bias, static_cast<Activation>(activation),
                                  outputSize(x.tensor, filter, geometry), cudaOptions(geometry))};
  }
#endif
  return withBias(x, filter, bias, geometry, true, activation);
}

}  // namespace

DNA_OP(conv2dBias)
DNA_OP(depthwiseConv2dBias)
DNA_OP(conv2d)
DNA_OP(conv2dGradInput)
DNA_OP(conv2dGradFilter)
DNA_OP(depthwiseConv2d)
DNA_OP(depthwiseConv2dGradInput)
DNA_OP(depthwiseConv2dGradFilter)

}  // namespace dna
