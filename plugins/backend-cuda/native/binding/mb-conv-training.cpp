// A whole MBConv in training mode and its gradient, on TensorFlow's tensors.
#include "mb-conv.h"
#include "op.h"

namespace dna {

namespace {

constexpr int WEIGHTS = 13, OUTPUTS = 12, KEPT = OUTPUTS - 1;

using Tensors = std::vector<Tensor>;

Tensors inputsOf(Call& call, int first, int count) {
  Tensors tensors;
  for (int index = first; index < first + count; ++index) tensors.push_back(call.input(index));
  return tensors;
}

MbConvShape requireFit(const Call& call, const Tensor& x, const Tensors& weights) {
  std::vector<Extents> shapes;
  for (const Tensor& weight : weights) shapes.push_back(weight.shape);
  const auto shape = mbConvShape(x.shape, shapes, {call.attributes.strides, call.attributes.padding});
  if (!shape)
    refuse("x [n, h, w, c] and the thirteen weights of an MBConv for its channels", x.shape, weights[0].shape);
  return *shape;
}

template <typename Float, size_t count>
std::array<Float*, count> pointers(const Tensors& tensors) {
  std::array<Float*, count> found;
  for (size_t at = 0; at < count; ++at) found[at] = tensors[at].data;
  return found;
}

MbConvCall callOf(const Call& call, const MbConvShape& shape, const Tensor& x, const Tensors& weights) {
  return {shape, x.data, MbConvWeights::of(pointers<const float, WEIGHTS>(weights)), call.attributes.epsilon,
          call.attributes.activation};
}

void train(Call& call) {
  const Tensor x = call.input(0);
  const Tensors weights = inputsOf(call, 1, WEIGHTS);
  const MbConvShape shape = requireFit(call, x, weights);
  Tensors outputs;
  for (const Extents& extents : shape.outputShapes())
    outputs.push_back(call.output(static_cast<int>(outputs.size()), extents));
  mbConvForward(callOf(call, shape, x, weights), MbConvOutputs::of(pointers<float, OUTPUTS>(outputs)));
}

void differentiate(Call& call) {
  const Tensor dy = call.input(0), x = call.input(1);
  const Tensors weights = inputsOf(call, 2, WEIGHTS), kept = inputsOf(call, 2 + WEIGHTS, KEPT);
  const MbConvShape shape = requireFit(call, x, weights);
  const std::vector<Extents> expected = shape.outputShapes();
  bool fit = dy.shape == expected[0];
  for (int at = 0; fit && at < KEPT; ++at) fit = kept[at].shape == expected[at + 1];
  if (!fit) refuse("dy as y, and what the forward pass kept", dy.shape, x.shape);
  Tensors gradients{call.output(0, x.shape)};
  for (int at = 0; at < WEIGHTS; ++at) gradients.push_back(call.output(at + 1, weights[at].shape));
  const MbConvMaps maps(shape, call.temporary({MbConvMaps::floats(shape)}));
  mbConvGradient(callOf(call, shape, x, weights), dy.data, MbConvKept::of(pointers<const float, KEPT>(kept)), maps,
                 MbConvGradients::of(pointers<float, WEIGHTS + 1>(gradients)));
}

const bool TRAINING =
    registered<&train>("DnaMbConvTraining",
                       {"x", "expand", "scale1", "offset1", "filter", "scale2", "offset2", "reduce", "reduce_bias",
                        "excite", "excite_bias", "project", "scale3", "offset3"},
                       {"y", "mean1", "variance1", "mean2", "variance2", "mean3", "variance3", "expanded", "filtered",
                        "projected", "mean", "gate"},
                       {"epsilon: float", "activation: int", "strides: list(int)", "padding: list(int)"});
const bool GRADIENT = registered<&differentiate>(
    "DnaMbConvTrainingGrad",
    {"dy",          "x",      "expand",      "scale1",   "offset1",  "filter",    "scale2", "offset2",   "reduce",
     "reduce_bias", "excite", "excite_bias", "project",  "scale3",   "offset3",   "mean1",  "variance1", "mean2",
     "variance2",   "mean3",  "variance3",   "expanded", "filtered", "projected", "mean",   "gate"},
    {"dx", "dexpand", "dscale1", "doffset1", "dfilter", "dscale2", "doffset2", "dreduce", "dreduce_bias", "dexcite",
     "dexcite_bias", "dproject", "dscale3", "doffset3"},
    {"epsilon: float", "activation: int", "strides: list(int)", "padding: list(int)"});

}  // namespace

}  // namespace dna
