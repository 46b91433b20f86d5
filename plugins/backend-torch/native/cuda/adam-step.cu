// Adam in PyTorch's form: epsilon outside the root, bias correction by each tensor's own step.
#include "multi-tensor.cuh"

namespace dna::cuda {

namespace {

struct Adam {
  static constexpr int SLOTS = 2;
  AdamRule rule;

  __device__ float operator()(const OptimiserTensor& tensor, float gradient, float parameter, float (&slots)[2]) const {
    slots[0] = slots[0] * rule.beta1 + gradient * rule.oneMinusBeta1;
    slots[1] = slots[1] * rule.beta2 + gradient * gradient * rule.oneMinusBeta2;
    return parameter - slots[0] * tensor.rate / (sqrtf(slots[1]) * tensor.rootFactor + rule.epsilon);
  }
};

}  // namespace

void launchAdamStep(const OptimiserTensor* tensors, size_t count, const AdamRule& rule, Stream stream) {
  launchTensors(tensors, count, Adam{rule}, stream, "adamStep");
}

}  // namespace dna::cuda
