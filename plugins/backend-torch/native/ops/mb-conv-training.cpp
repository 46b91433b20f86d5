// A whole MBConv in training mode and its gradient, on tensors.
#include "../bind.h"
#include "../shapes.h"
#include "mb-conv.h"

namespace dna {

namespace {

struct Tensors {
  at::Tensor x;
  std::vector<at::Tensor> weights;
};

Extents extentsOf(const at::Tensor& tensor) { return tensor.sizes().vec(); }

std::vector<at::Tensor> wholes(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> wholes;
  for (const at::Tensor& tensor : tensors) wholes.push_back(tensor.contiguous());
  return wholes;
}

MbConvShape requireFit(const char* op, const Tensors& given, const MbConvWindow& window) {
  std::vector<Extents> shapes;
  for (const at::Tensor& weight : given.weights) shapes.push_back(extentsOf(weight));
  const std::optional<MbConvShape> shape = mbConvShape(extentsOf(given.x), shapes, window);
  const at::Tensor expand = given.weights.empty() ? at::Tensor() : given.weights[0];
  requireShapes(shape.has_value(), op, "x [n, h, w, c] and the thirteen weights of an MBConv for its channels",
                {given.x, expand});
  return *shape;
}

std::vector<at::Tensor> emptyOf(const std::vector<Extents>& shapes) {
  std::vector<at::Tensor> tensors;
  for (const Extents& shape : shapes) tensors.push_back(emptyFloats(shape));
  return tensors;
}

template <size_t count>
std::array<const float*, count> read(const std::vector<at::Tensor>& tensors) {
  std::array<const float*, count> pointers;
  for (size_t at = 0; at < count; ++at) pointers[at] = tensors[at].const_data_ptr<float>();
  return pointers;
}

template <size_t count>
std::array<float*, count> written(const std::vector<at::Tensor>& tensors) {
  std::array<float*, count> pointers;
  for (size_t at = 0; at < count; ++at) pointers[at] = tensors[at].mutable_data_ptr<float>();
  return pointers;
}

MbConvCall callOf(const MbConvShape& shape, const Tensors& given, double epsilon, int64_t activation) {
  return {shape, given.x.const_data_ptr<float>(), MbConvWeights::of(read<13>(given.weights)), epsilon,
          static_cast<Activation>(activation)};
}

// x [n, h, w, ci] → y [n, oh, ow, co] and what `MbConvOutputs` has behind it.
std::vector<at::Tensor> mbConvTraining(const at::Tensor& x, const std::vector<at::Tensor>& weights,
                                       const std::vector<int64_t>& strides, const std::vector<int64_t>& padding,
                                       double epsilon, int64_t activation) {
  const Tensors given{x.contiguous(), wholes(weights)};
  const MbConvShape shape = requireFit("MbConvTraining", given, {strides, padding});
  const std::vector<at::Tensor> outputs = emptyOf(shape.outputShapes());
  mbConvForward(callOf(shape, given, epsilon, activation), MbConvOutputs::of(written<12>(outputs)));
  return outputs;
}

// `kept` is what mbConvTraining returned behind y. Returns dx, and the gradient of each weight.
std::vector<at::Tensor> mbConvTrainingGrad(const at::Tensor& dy, const at::Tensor& x,
                                           const std::vector<at::Tensor>& weights, const std::vector<at::Tensor>& kept,
                                           const std::vector<int64_t>& strides, const std::vector<int64_t>& padding,
                                           double epsilon, int64_t activation) {
  const Tensors given{x.contiguous(), wholes(weights)};
  const MbConvShape shape = requireFit("MbConvTrainingGrad", given, {strides, padding});
  const std::vector<Extents> expected = shape.outputShapes();
  bool fit = kept.size() + 1 == expected.size() && extentsOf(dy) == expected[0];
  for (size_t at = 0; fit && at < kept.size(); ++at) fit = extentsOf(kept[at]) == expected[at + 1];
  requireShapes(fit, "MbConvTrainingGrad", "dy as y, and what the forward pass kept", {dy, x});
  const at::Tensor gradient = dy.contiguous();
  const std::vector<at::Tensor> saved = wholes(kept);
  const at::Tensor maps = emptyFloats({MbConvMaps::floats(shape)});
  std::vector<at::Tensor> gradients{emptyFloats(given.x.sizes())};
  for (const at::Tensor& weight : given.weights) gradients.push_back(emptyFloats(weight.sizes()));
  mbConvGradient(callOf(shape, given, epsilon, activation), gradient.const_data_ptr<float>(),
                 MbConvKept::of(read<11>(saved)), {shape, maps.mutable_data_ptr<float>()},
                 MbConvGradients::of(written<14>(gradients)));
  return gradients;
}

}  // namespace

DNA_OP(mbConvTraining)
DNA_OP(mbConvTrainingGrad)

}  // namespace dna
