// Our kernels composed of libtorch's ops: for devices on which we have no kernel of our own.
#pragma once

#include <tuple>

#include "activation-tensor.h"
#include "activation.h"

namespace dna {

// [c] each; the statistics may be undefined where an op computes them.
struct BatchNormVectors {
  at::Tensor scale, offset, mean, variance;
};

namespace composed {

std::tuple<Stored, at::Tensor, at::Tensor> batchNormTraining(const Stored& x, const BatchNormVectors& vectors,
                                                             double epsilon, Activation activation);
std::tuple<Stored, at::Tensor, at::Tensor> batchNormTrainingGrad(const Stored& dy, const Stored& x,
                                                                 const BatchNormVectors& vectors, double epsilon,
                                                                 Activation activation);
at::Tensor activate(const at::Tensor& x, Activation activation);
at::Tensor activateGrad(const at::Tensor& dy, const at::Tensor& x, Activation activation);

}  // namespace composed

}  // namespace dna
