#include "device-ops.h"

#include <cmath>

#ifdef DNA_CUDA_KERNELS
#include "cuda/kernels.h"
#include "state.h"
#endif

namespace dna::device {

#ifndef DNA_CUDA_KERNELS

namespace {

at::Tensor rowsOf(const at::Tensor& x) { return asFloat(x).reshape({-1, x.size(-1)}); }

at::Tensor standardised(const at::Tensor& rows, const BatchNormVectors& vectors, double epsilon) {
  return (rows - vectors.mean) * (vectors.variance + epsilon).rsqrt();
}

at::Tensor overPixels(const at::Tensor& vector) { return vector.reshape({vector.size(0), 1, 1, vector.size(1)}); }

at::Tensor activated(const at::Tensor& x, Activation activation) {
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

at::Tensor gradientOf(const at::Tensor& dy, const at::Tensor& x, Activation activation) {
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

}  // namespace

#endif

std::tuple<Stored, at::Tensor, at::Tensor> batchNormTraining(const Stored& x, const BatchNormVectors& vectors,
                                                             double epsilon, Activation activation) {
#ifdef DNA_CUDA_KERNELS
  auto [y, batchMean, batchVariance] = cuda::batchNormTraining(x.tensor, vectors.scale, vectors.offset, epsilon, activation);
  return {Stored{y}, batchMean, batchVariance};
#else
  const at::Tensor rows = rowsOf(x.tensor);
  const auto [variance, mean] = at::var_mean(rows, at::IntArrayRef{0}, /*correction=*/0, /*keepdim=*/false);
  const BatchNormVectors full{vectors.scale, vectors.offset, mean, variance};
  const at::Tensor inner = standardised(rows, full, epsilon) * vectors.scale + vectors.offset;
  return {storeLike(x.tensor, activated(inner, activation).reshape(x.tensor.sizes())), mean, variance};
#endif
}

std::tuple<Stored, at::Tensor, at::Tensor> batchNormTrainingGrad(const Stored& dy, const Stored& x,
                                                                 const BatchNormVectors& vectors, double epsilon,
                                                                 Activation activation) {
#ifdef DNA_CUDA_KERNELS
  const cuda::BatchNorm norm{vectors.scale, vectors.offset, vectors.mean, vectors.variance, epsilon};
  auto [dx, dscale, doffset] = cuda::batchNormTrainingGrad(dy.tensor.to(x.tensor.scalar_type()), x.tensor, norm, activation);
  return {Stored{dx}, dscale, doffset};
#else
  const at::Tensor standard = standardised(rowsOf(x.tensor), vectors, epsilon);
  const at::Tensor inner = gradientOf(rowsOf(dy.tensor), standard * vectors.scale + vectors.offset, activation);
  const at::Tensor doffset = inner.sum(0);
  const at::Tensor dscale = (inner * standard).sum(0);
  const at::Tensor common = (doffset + standard * dscale) / static_cast<double>(standard.size(0));
  const at::Tensor dx = (inner - common) * (vectors.scale * (vectors.variance + epsilon).rsqrt());
  return {storeLike(x.tensor, dx.reshape(x.tensor.sizes())), dscale, doffset};
#endif
}

Stored scaleShift(const Stored& x, const at::Tensor& scale, const at::Tensor& shift, Activation activation) {
#ifdef DNA_CUDA_KERNELS
  return {cuda::scaleShift(x.tensor, scale, shift, activation)};
#else
  const at::Tensor scaled = scale.defined() ? asFloat(x.tensor) * scale : asFloat(x.tensor);
  return storeLike(x.tensor, activated(scaled + shift, activation));
#endif
}

Stored activate(const Stored& x, Activation activation) {
#ifdef DNA_CUDA_KERNELS
  return {cuda::activate(x.tensor, activation)};
#else
  return storeLike(x.tensor, activated(asFloat(x.tensor), activation));
#endif
}

Stored activateGrad(const Stored& dy, const Stored& x, Activation activation) {
#ifdef DNA_CUDA_KERNELS
  return {cuda::activateGrad(dy.tensor.to(x.tensor.scalar_type()), x.tensor, activation)};
#else
  return storeLike(x.tensor, gradientOf(asFloat(dy.tensor), asFloat(x.tensor), activation));
#endif
}

at::Tensor globalMean(const Stored& x) {
#ifdef DNA_CUDA_KERNELS
  return cuda::globalMean(x.tensor);
#else
  return at::mean(x.tensor, at::IntArrayRef{1, 2}, false, at::kFloat);
#endif
}

Stored globalMeanGrad(const at::Tensor& dy, at::IntArrayRef shape) {
#ifdef DNA_CUDA_KERNELS
  const bool narrow = state().precision == Precision::Bfloat16;
  return {cuda::globalMeanGrad(dy, shape, narrow ? at::kBFloat16 : at::kFloat)};
#else
  const at::Tensor share = dy / static_cast<double>(shape[1] * shape[2]);
  return store(overPixels(share).expand(shape).contiguous());
#endif
}

Stored channelGate(const Stored& x, const at::Tensor& gate, const at::Tensor& shift) {
#ifdef DNA_CUDA_KERNELS
  return {cuda::channelGate(x.tensor, gate, shift)};
#else
  const at::Tensor scaled = asFloat(x.tensor) * overPixels(gate);
  return storeLike(x.tensor, shift.defined() ? scaled + overPixels(shift) : scaled);
#endif
}

at::Tensor channelDot(const Stored& a, const Stored& b) {
#ifdef DNA_CUDA_KERNELS
  return cuda::channelDot(a.tensor, b.tensor.to(a.tensor.scalar_type()));
#else
  return at::sum(asFloat(a.tensor) * asFloat(b.tensor), at::IntArrayRef{1, 2});
#endif
}

std::tuple<Stored, at::Tensor> channelGateGrad(const Stored& dy, const Stored& x, const at::Tensor& gate) {
#ifdef DNA_CUDA_KERNELS
  auto [dx, dgate] = cuda::channelGateGrad(dy.tensor.to(x.tensor.scalar_type()), x.tensor, gate);
  return {Stored{dx}, dgate};
#else
  return {channelGate(dy, gate, {}), channelDot(dy, x)};
#endif
}

Tensors blend(const Tensors& tensors, double keep, const Numbers& shares) {
#ifdef DNA_CUDA_KERNELS
  return cuda::blend(tensors, keep, shares);
#else
  Tensors results;
  for (size_t pair = 0; pair < shares.size(); ++pair) {
    const at::Tensor old = tensors[2 * pair].to(at::kDouble), fresh = tensors[2 * pair + 1].to(at::kDouble);
    results.push_back((old * keep + fresh * shares[pair]).to(at::kFloat));
  }
  return results;
#endif
}

at::Tensor squaredError(const Stored& y, const Stored& target) {
#ifdef DNA_CUDA_KERNELS
  return cuda::squaredError(y.tensor, target.tensor);
#else
  return at::mse_loss(asFloat(y.tensor), asFloat(target.tensor));
#endif
}

Stored squaredErrorGrad(const at::Tensor& dloss, const Stored& y, const Stored& target) {
#ifdef DNA_CUDA_KERNELS
  return store(cuda::squaredErrorGrad(dloss, y.tensor, target.tensor));
#else
  const double share = 2.0 / static_cast<double>(y.tensor.numel());
  return store((asFloat(y.tensor) - asFloat(target.tensor)) * (dloss * share));
#endif
}

Tensors adamStep(const Tensors& inputs, const StepRates& step, const AdamRates& adam) {
#ifdef DNA_CUDA_KERNELS
  return cuda::adamStep(inputs, {step.rate, step.decays}, {adam.beta1, adam.beta2, adam.epsilon, adam.steps});
#else
  Tensors outputs;
  for (size_t at = 0; at < step.decays.size(); ++at) {
    const at::Tensor* in = &inputs[at * 4];
    const double rate = step.rate / (1 - std::pow(adam.beta1, adam.steps[at]));
    const at::Tensor gradient = in[1] + in[0] * step.decays[at];
    const at::Tensor m = in[2] * adam.beta1 + gradient * (1 - adam.beta1);
    const at::Tensor v = in[3] * adam.beta2 + gradient * gradient * (1 - adam.beta2);
    const at::Tensor root = (v / (1 - std::pow(adam.beta2, adam.steps[at]))).sqrt() + adam.epsilon;
    outputs.insert(outputs.end(), {in[0] - m * rate / root, m, v});
  }
  return outputs;
#endif
}

Tensors sgdStep(const Tensors& inputs, const StepRates& step, double momentum, bool nesterov) {
#ifdef DNA_CUDA_KERNELS
  return cuda::sgdStep(inputs, {step.rate, step.decays}, {momentum, nesterov});
#else
  Tensors outputs;
  for (size_t at = 0; at < step.decays.size(); ++at) {
    const at::Tensor* in = &inputs[at * 3];
    const at::Tensor gradient = in[1] + in[0] * step.decays[at];
    const at::Tensor buffer = in[2] * momentum + gradient;
    outputs.insert(outputs.end(), {in[0] - (nesterov ? gradient + buffer * momentum : buffer) * step.rate, buffer});
  }
  return outputs;
#endif
}

Tensors rmspropStep(const Tensors& inputs, const StepRates& step, double decay, double momentum, double epsilon) {
#ifdef DNA_CUDA_KERNELS
  return cuda::rmspropStep(inputs, {step.rate, step.decays}, {decay, momentum, epsilon});
#else
  Tensors outputs;
  for (size_t at = 0; at < step.decays.size(); ++at) {
    const at::Tensor* in = &inputs[at * 4];
    const at::Tensor gradient = in[1] + in[0] * step.decays[at];
    const at::Tensor square = in[2] * decay + gradient * gradient * (1 - decay);
    const at::Tensor buffer = in[3] * momentum + gradient * step.rate / (square + epsilon).sqrt();
    outputs.insert(outputs.end(), {in[0] - buffer, square, buffer});
  }
  return outputs;
#endif
}

}  // namespace dna::device
