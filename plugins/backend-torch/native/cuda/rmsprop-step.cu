// RMSProp in TensorFlow's form: epsilon inside the root, the learning rate inside the momentum buffer.
#include "multi-tensor.cuh"

namespace dna::cuda {

namespace {

struct Rmsprop {
  static constexpr int SLOTS = 2;
  RmspropRule rule;

  __device__ float operator()(const OptimiserTensor&, float gradient, float parameter, float (&slots)[2]) const {
    slots[0] = slots[0] * rule.decay + gradient * gradient * rule.oneMinusDecay;
    slots[1] = slots[1] * rule.momentum + gradient * rule.learningRate / sqrtf(slots[0] + rule.epsilon);
    return parameter - slots[1];
  }
};

}  // namespace

void launchRmspropStep(const OptimiserTensor* tensors, size_t count, const RmspropRule& rule, Stream stream) {
  launchTensors(tensors, count, Rmsprop{rule}, stream, "rmspropStep");
}

}  // namespace dna::cuda
