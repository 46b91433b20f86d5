// Batch norm with the batch's own statistics, an activation fused into it, and the gradient of both.
#pragma once

#include "activation.h"
#include "bfloat16.h"

namespace dna::cpu {

// Of rows [rows, channels], none of them 0; the vectors have an element a channel.
struct BatchNorm {
  int64_t rows, channels;
  const float *scale, *offset;
  double epsilon;
  Activation activation;
};

// → y as x, mean and variance (biased). Storage is float or Bfloat16.
template <typename Storage>
void batchNormTraining(const BatchNorm& norm, const Storage* x, Storage* y, float* mean, float* variance);

// What the gradient reads of the forward pass, and the gradient of its y.
template <typename Storage>
struct BatchNormPass {
  const Storage *dy, *x;
  const float *mean, *variance;
};

// → dx as x, dscale, doffset.
template <typename Storage>
void batchNormTrainingGrad(const BatchNorm& norm, const BatchNormPass<Storage>& pass, Storage* dx, float* dscale,
                           float* doffset);

}  // namespace dna::cpu
