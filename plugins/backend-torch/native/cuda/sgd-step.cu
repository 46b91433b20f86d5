// Gradient descent with momentum, Nesterov's in PyTorch's form.
#include "multi-tensor.cuh"

namespace dna::cuda {

namespace {

struct Sgd {
  static constexpr int SLOTS = 1;
  SgdRule rule;

  __device__ float operator()(const OptimiserTensor&, float gradient, float parameter, float (&slots)[2]) const {
    slots[0] = slots[0] * rule.momentum + gradient;
    const float direction = rule.nesterov ? gradient + slots[0] * rule.momentum : slots[0];
    return parameter - direction * rule.learningRate;
  }
};

}  // namespace

void launchSgdStep(const OptimiserTensor* tensors, size_t count, const SgdRule& rule, Stream stream) {
  launchTensors(tensors, count, Sgd{rule}, stream, "sgdStep");
}

}  // namespace dna::cuda
