// Our kernels on devices other than the CPU: the CUDA kernels where they are compiled in, else the same composed of
// libtorch's ops. Shapes were checked by the op.
#pragma once

#include <tuple>
#include <vector>

#include "activation-tensor.h"
#include "activation.h"

namespace dna {

// [c] each; the statistics may be undefined where an op computes them.
struct BatchNormVectors {
  at::Tensor scale, offset, mean, variance;
};

namespace device {

using Tensors = std::vector<at::Tensor>;
using Numbers = std::vector<double>;

std::tuple<Stored, at::Tensor, at::Tensor> batchNormTraining(const Stored& x, const BatchNormVectors& vectors,
                                                             double epsilon, Activation activation);
std::tuple<Stored, at::Tensor, at::Tensor> batchNormTrainingGrad(const Stored& dy, const Stored& x,
                                                                 const BatchNormVectors& vectors, double epsilon,
                                                                 Activation activation);
// activation(x · scale + shift); an undefined scale is 1.
Stored scaleShift(const Stored& x, const at::Tensor& scale, const at::Tensor& shift, Activation activation);
Stored activate(const Stored& x, Activation activation);
Stored activateGrad(const Stored& dy, const Stored& x, Activation activation);
at::Tensor globalMean(const Stored& x);
// dy [n, c] → dx of this shape.
Stored globalMeanGrad(const at::Tensor& dy, at::IntArrayRef shape);
// x · gate + shift, gate and shift [n, c]; an undefined shift is 0.
Stored channelGate(const Stored& x, const at::Tensor& gate, const at::Tensor& shift);
at::Tensor channelDot(const Stored& a, const Stored& b);
// → dx, dgate [n, c].
std::tuple<Stored, at::Tensor> channelGateGrad(const Stored& dy, const Stored& x, const at::Tensor& gate);
// old · keep + fresh · share of every pair old0, fresh0, old1, …
Tensors blend(const Tensors& tensors, double keep, const Numbers& shares);
at::Tensor squaredError(const Stored& y, const Stored& target);
Stored squaredErrorGrad(const at::Tensor& dloss, const Stored& y, const Stored& target);

// What every parameter's step has in common, and its weight decay: one a parameter.
struct StepRates {
  double rate;
  const Numbers& decays;
};
struct AdamRates {
  double beta1, beta2, epsilon;
  const Numbers& steps;
};
// Lists as `nn/kernels.ts` lays them out.
Tensors adamStep(const Tensors& inputs, const StepRates& step, const AdamRates& adam);
Tensors sgdStep(const Tensors& inputs, const StepRates& step, double momentum, bool nesterov);
Tensors rmspropStep(const Tensors& inputs, const StepRates& step, double decay, double momentum, double epsilon);

}  // namespace device

}  // namespace dna
