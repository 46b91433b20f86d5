// Moving averages of many tensors: old · keep + fresh · share, each tensor with a share of its own.
#include "multi-tensor.cuh"

namespace dna::cuda {

namespace {

struct Blend {
  static constexpr int SLOTS = 0;
  BlendRule rule;

  __device__ float operator()(const OptimiserTensor& tensor, float fresh, float old, float (&)[2]) const {
    // Beside a share near 0, a factor near 1 that is rounded to float32 drifts.
    const double share = static_cast<double>(tensor.rate) + static_cast<double>(tensor.rootFactor);
    return static_cast<float>(old * rule.keep + fresh * share);
  }
};

}  // namespace

void launchBlend(const OptimiserTensor* tensors, size_t count, const BlendRule& rule, Stream stream) {
  launchTensors(tensors, count, Blend{rule}, stream, "blend");
}

}  // namespace dna::cuda
