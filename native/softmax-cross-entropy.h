// The classification loss of a batch, and its gradient by the logits.
#pragma once

#include <cstdint>

namespace dna::cpu {

struct SoftmaxCrossEntropy {
  int64_t rows, classes;
  // [rows, classes]
  const float* logits;
  // Either classes [rows], each below `classes`, or distributions [rows, classes].
  const int32_t* labels;
  const float* distributions;
  // Of the target, spread over all classes.
  double smoothing;
};

// The mean of the rows' losses; writes its gradient [rows, classes].
double softmaxCrossEntropy(const SoftmaxCrossEntropy& of, float* gradient);

}  // namespace dna::cpu
