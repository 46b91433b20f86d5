// tfjs's convolutions over two or three axes, plain, depthwise and fused, and their gradients.
#include <algorithm>
#include <array>

#include "../bind.h"
#include "../shapes.h"
#include "fused-activation.h"
#include "spatial-window.h"

namespace dna {

namespace {

// tfjs's filter [.., in, out], or [.., channels, multiplier] where depthwise, as torch's [out, in / groups, ..].
at::Tensor torchFilter(const at::Tensor& filter, bool depthwise) {
  if (!depthwise) return filter.movedim({-1, -2}, {0, 1});
  const at::Tensor channelsFirst = filter.movedim({-2, -1}, {0, 1});
  return channelsFirst.flatten(0, 1).unsqueeze(1);
}

// And back, in the memory order of the filter, in which optimisers read it.
at::Tensor tfjsFilter(const at::Tensor& filter, at::IntArrayRef shape, bool depthwise) {
  if (!depthwise) return filter.movedim({0, 1}, {-1, -2}).contiguous();
  const at::Tensor split = filter.squeeze(1).unflatten(0, {shape[shape.size() - 2], shape.back()});
  return split.movedim({0, 1}, {-2, -1}).contiguous();
}

// What at::convolution and its gradient are told beside the tensors.
struct Convolution {
  SpatialWindow window;
  WindowPadding padding;
  int64_t groups;
};

Convolution plan(const std::vector<int64_t>& numbers, at::IntArrayRef spatial, int64_t groups) {
  SpatialWindow window = readWindow(numbers);
  WindowPadding padding = paddingFor(window, spatial, false);
  return {std::move(window), std::move(padding), groups};
}

at::Tensor forward(const Convolution& plan, const at::Tensor& x, const at::Tensor& filter,
                   const std::optional<at::Tensor>& bias) {
  if (plan.window.isEmpty()) return emptyOutput(plan.window, x, filter.size(0));
  const std::vector<int64_t> none(plan.window.axes(), 0);
  return at::convolution(plan.padding.pad(x, 0), filter, bias, plan.window.strides, plan.padding.both,
                         plan.window.dilations, false, none, plan.groups);
}

// Gradients with respect to the padded input and the filter; what `wanted` leaves out is not computed.
std::tuple<at::Tensor, at::Tensor> backward(const Convolution& plan, const at::Tensor& dy, const at::Tensor& padded,
                                            const at::Tensor& filter, std::array<bool, 2> wanted) {
  if (plan.window.isEmpty()) return {at::zeros_like(padded), at::zeros_like(filter)};
  const std::vector<int64_t> none(plan.window.axes(), 0);
  auto [dx, dFilter, dBias] =
      at::convolution_backward(dy, padded, filter, std::nullopt, plan.window.strides, plan.padding.both,
                               plan.window.dilations, false, none, plan.groups, {wanted[0], wanted[1], false});
  return {dx, dFilter};
}

// A tensor of a value a channel, laid out as the surface needs it to broadcast over [n, .., c] or [n, c, ..].
at::Tensor alongChannels(const at::Tensor& values, bool channelsFirst, size_t axes) {
  if (!channelsFirst || values.dim() != 1 || values.numel() == 1) return values;
  std::vector<int64_t> shape(axes + 1, 1);
  shape[0] = values.numel();
  return values.view(shape);
}

// A bias that at::convolution can add itself.
bool isPlainBias(const std::optional<at::Tensor>& bias, int64_t channels) {
  return bias && bias->dim() == 1 && bias->numel() == channels;
}

at::Tensor firstChannels(const at::Tensor& x, bool channelsFirst) { return channelsFirst ? x : channelsSecond(x); }
at::Tensor surface(const at::Tensor& x, bool channelsFirst) { return channelsFirst ? x : channelsLast(x); }

// activation(x ∗ filter + bias): x [n, .., c], or [n, c, ..] where channelsFirst; filter [.., in, out], or
// [.., c, multiplier] where depthwise. `numbers` are the window's.
Stored convolve(const Stored& x, const at::Tensor& filter, const std::optional<at::Tensor>& bias,
                const std::optional<at::Tensor>& slopes, const std::vector<int64_t>& numbers, bool depthwise,
                bool channelsFirst, const std::string& activation, double slope) {
  const at::Tensor& given = x.tensor;
  requireShapes(given.dim() == filter.dim() && given.dim() * 5 == static_cast<int64_t>(numbers.size()) + 10,
                "convolution", "x and a filter of its rank", {given, filter});
  const at::Tensor input = firstChannels(given, channelsFirst);
  requireShapes(input.size(1) == filter.size(-2), "convolution", "x with the filter's input channels", {given, filter});
  const at::Tensor weights = torchFilter(filter, depthwise).to(input.scalar_type());
  const Convolution convolution = plan(numbers, spatialSizes(input), depthwise ? input.size(1) : 1);
  const bool plain = isPlainBias(bias, weights.size(0));
  const std::optional<at::Tensor> fused = plain ? std::optional(bias->to(input.scalar_type())) : std::nullopt;
  at::Tensor result = surface(forward(convolution, input, weights, fused), channelsFirst);
  if (bias && !plain) result.add_(alongChannels(*bias, channelsFirst, convolution.window.axes()));
  std::optional<at::Tensor> laid;
  if (slopes) laid = alongChannels(*slopes, channelsFirst, convolution.window.axes());
  return store(activate(std::move(result), {activation, laid, slope}));
}

// The shape [n, .., c] of a surface shape.
std::vector<int64_t> channelsLastShape(std::vector<int64_t> shape, bool channelsFirst) {
  if (channelsFirst) std::rotate(shape.begin() + 1, shape.begin() + 2, shape.end());
  return shape;
}

// The part of dy that the convolution would have given: tfjs passes over what a transposed convolution's input has more.
at::Tensor given(const at::Tensor& dy, const SpatialWindow& window, const at::Tensor& filter) {
  at::Tensor part = dy;
  for (size_t axis = 0; axis < window.axes(); ++axis) {
    const auto at = static_cast<int64_t>(axis + 2);
    requireShapes(dy.size(at) >= window.output[axis], "convolution's input gradient", "dy of the convolution's shape",
                  {dy, filter});
    part = part.narrow(at, 0, window.output[axis]);
  }
  return part;
}

// d loss / d x for dy; x has `shape`, given as the surface has it.
Stored convolveInputGradient(const Stored& dy, const at::Tensor& filter, const std::vector<int64_t>& shape,
                             const std::vector<int64_t>& numbers, bool depthwise, bool channelsFirst) {
  const at::Tensor gradient = firstChannels(dy.tensor, channelsFirst);
  const at::Tensor weights = torchFilter(filter, depthwise).to(gradient.scalar_type());
  requireShapes(gradient.dim() == filter.dim() && gradient.size(1) == weights.size(0), "convolution's input gradient",
                "dy with the filter's output channels", {dy.tensor, filter});
  std::vector<int64_t> extents = channelsLastShape(shape, channelsFirst);
  const at::IntArrayRef spatial(extents.data() + 1, extents.size() - 2);
  const Convolution convolution = plan(numbers, spatial, depthwise ? extents.back() : 1);
  const at::Tensor padded = convolution.padding.padShape(std::move(extents), gradient.options());
  const at::Tensor part = given(gradient, convolution.window, weights);
  const at::Tensor dx = std::get<0>(backward(convolution, part, padded, weights, {true, false}));
  return store(surface(convolution.padding.crop(dx), channelsFirst));
}

// d loss / d filter, float32, for x and dy; the filter has `shape`.
at::Tensor convolveFilterGradient(const Stored& x, const Stored& dy, const std::vector<int64_t>& shape,
                                  const std::vector<int64_t>& numbers, bool depthwise, bool channelsFirst) {
  const bool narrow = x.tensor.scalar_type() == at::kBFloat16 || dy.tensor.scalar_type() == at::kBFloat16;
  const at::ScalarType type = narrow ? at::kBFloat16 : at::kFloat;
  const at::Tensor input = firstChannels(x.tensor.to(type), channelsFirst);
  const at::Tensor gradient = firstChannels(dy.tensor.to(type), channelsFirst);
  requireShapes(input.dim() == gradient.dim() && input.size(0) == gradient.size(0), "convolution's filter gradient",
                "x and dy of one batch", {x.tensor, dy.tensor});
  const Convolution convolution = plan(numbers, spatialSizes(input), depthwise ? input.size(1) : 1);
  requireShapes(spatialSizes(gradient) == at::IntArrayRef(convolution.window.output), "convolution's filter gradient",
                "dy of the convolution's shape", {x.tensor, dy.tensor});
  const at::Tensor weights =
      at::empty(torchFilter(at::empty(shape, input.options()), depthwise).sizes(), input.options());
  const at::Tensor padded = convolution.padding.pad(input, 0);
  const at::Tensor dFilter = std::get<1>(backward(convolution, gradient, padded, weights, {false, true}));
  return tfjsFilter(dFilter.to(at::kFloat), shape, depthwise);
}

}  // namespace

DNA_OP(convolve)
DNA_OP(convolveInputGradient)
DNA_OP(convolveFilterGradient)

}  // namespace dna
