// A depthwise convolution with bias and activation, and its gradients to input and filter.
#include "depthwise-conv2d.h"

#include "op.h"

namespace dna {

namespace {

DepthwiseShape shapeOf(const Call& call, const Shape& x, const Shape& y, int64_t kernel) {
  const Attributes& given = call.attributes;
  return {x[0], x[1], x[2], x[3], y[1], y[2], kernel, given.strides[0], given.padding[0], given.padding[2]};
}

// The other side of a convolution: as many images and channels in the size that is told.
Shape otherSide(const Call& call, const Shape& side) {
  return {side[0], call.attributes.sizes[0], call.attributes.sizes[1], side[3]};
}

void forward(Call& call) {
  const Tensor x = call.input(0), filter = call.input(1), bias = call.input(2);
  const Tensor y = call.output(0, otherSide(call, x.shape));
  const cpu::DepthwiseFilter by{filter.data, bias.data, call.attributes.activation};
  cpu::depthwiseConv2d(shapeOf(call, x.shape, y.shape, filter.shape[0]), x.data, by, y.data);
}

void inputGradient(Call& call) {
  const Tensor dy = call.input(0), filter = call.input(1);
  const Tensor dx = call.output(0, otherSide(call, dy.shape));
  cpu::depthwiseConv2dGradInput(shapeOf(call, dx.shape, dy.shape, filter.shape[0]), dy.data, filter.data, dx.data);
}

void filterGradient(Call& call) {
  const Tensor x = call.input(0), dy = call.input(1);
  const int64_t kernel = call.attributes.sizes[0];
  const Tensor dfilter = call.output(0, {kernel, kernel, x.channels(), 1});
  cpu::depthwiseConv2dGradFilter(shapeOf(call, x.shape, dy.shape, kernel), x.data, dy.data, dfilter.data);
}

const bool FORWARD =
    registered<&forward>("DnaDepthwiseConv2d", {"x", "filter", "bias"}, {"y"},
                         {"activation: int", "sizes: list(int)", "strides: list(int)", "padding: list(int)"});
const bool INPUT_GRADIENT =
    registered<&inputGradient>("DnaDepthwiseConv2dGradInput", {"dy", "filter"}, {"dx"},
                               {"sizes: list(int)", "strides: list(int)", "padding: list(int)"});
const bool FILTER_GRADIENT =
    registered<&filterGradient>("DnaDepthwiseConv2dGradFilter", {"x", "dy"}, {"dfilter"},
                                {"sizes: list(int)", "strides: list(int)", "padding: list(int)"});

}  // namespace

}  // namespace dna
