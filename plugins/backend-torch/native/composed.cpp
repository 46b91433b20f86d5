#include "composed.h"

namespace dna::composed {

namespace {

at::Tensor rowsOf(const at::Tensor& x) { return asFloat(x).reshape({-1, x.size(-1)}); }

at::Tensor standardised(const at::Tensor& rows, const BatchNormVectors& vectors, double epsilon) {
  return (rows - vectors.mean) * (vectors.variance + epsilon).rsqrt();
}

}  // namespace

at::Tensor activate(const at::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::Relu:
      return at::relu(x);
    case Activation::Relu6:
      return at::clamp(x, 0, 6);
    case Activation::Swish:
      return at::silu(x);
    case Activation::Sigmoid:
      return at::sigmoid(x);
    default:
      return x;
  }
}

at::Tensor activateGrad(const at::Tensor& dy, const at::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::Relu:
      return dy * (x > 0);
    case Activation::Relu6:
      return dy * at::logical_and(x > 0, x < 6);
    case Activation::Swish:
      return at::silu_backward(dy, x);
    case Activation::Sigmoid:
      return at::sigmoid_backward(dy, at::sigmoid(x));
    default:
      return dy;
  }
}

std::tuple<Stored, at::Tensor, at::Tensor> batchNormTraining(const Stored& x, const BatchNormVectors& vectors,
                                                             double epsilon, Activation activation) {
  const at::Tensor rows = rowsOf(x.tensor);
  const auto [variance, mean] = at::var_mean(rows, at::IntArrayRef{0}, /*correction=*/0, /*keepdim=*/false);
  const BatchNormVectors full{vectors.scale, vectors.offset, mean, variance};
  const at::Tensor inner = standardised(rows, full, epsilon) * vectors.scale + vectors.offset;
  return {store(activate(inner, activation).reshape(x.tensor.sizes())), mean, variance};
}

std::tuple<Stored, at::Tensor, at::Tensor> batchNormTrainingGrad(const Stored& dy, const Stored& x,
                                                                 const BatchNormVectors& vectors, double epsilon,
                                                                 Activation activation) {
  const at::Tensor standard = standardised(rowsOf(x.tensor), vectors, epsilon);
  const at::Tensor inner = activateGrad(rowsOf(dy.tensor), standard * vectors.scale + vectors.offset, activation);
  const at::Tensor doffset = inner.sum(0);
  const at::Tensor dscale = (inner * standard).sum(0);
  const at::Tensor common = (doffset + standard * dscale) / static_cast<double>(standard.size(0));
  const at::Tensor dx = (inner - common) * (vectors.scale * (vectors.variance + epsilon).rsqrt());
  return {store(dx.reshape(x.tensor.sizes())), dscale, doffset};
}

}  // namespace dna::composed
