// Plans for every GPU's shared memory: that of a block by compute capability, as the CUDA C++ Programming Guide has it.
#include "../../cuda/depthwise-plan.h"

#include "depthwise-case.h"
#include "gpus.h"

namespace dna::tests {

namespace {

// Blocks of the students and teachers, from the first to the last resolution.
template <typename Check>
void onLayers(Check&& check) {
  for (const Storage storage : STORAGES) {
    for (const int kernel : {3, 5, 7}) {
      for (const int64_t size : {112, 56, 28, 14, 7}) {
        for (const int64_t channels : {1, 16, 24, 32, 48, 64, 72, 96, 112, 144, 192, 240, 320, 480, 672, 960, 3840}) {
          const int half = kernel / 2;
          check(DepthwiseCase{256, size, size, channels, kernel, 1, {half, half, half, half}, storage});
          check(DepthwiseCase{256, 2 * size, 2 * size, channels, kernel, 2, {half - 1, half - 1, half, half}, storage});
        }
      }
    }
  }
}

std::string bytesOf(const cuda::Tiling& tiling) { return std::to_string(tiling.sharedBytes); }

bool sameTile(const cuda::Tiling& one, const cuda::Tiling& other) {
  return one.rows == other.rows && one.columns == other.columns && one.walkers == other.walkers;
}

}  // namespace

DNA_TEST(depthwisePlansFitEveryGpu) {
  for (const Gpu& gpu : GPUS) {
    onLayers([&](const DepthwiseCase& each) {
      expect(cuda::fitsShared(each.shape(), gpu.sharedBytes), gpu.name, " does not take ", each.name());
      for (const auto& plan : {cuda::planForward, cuda::planGradient}) {
        const cuda::Tiling tiling = plan(each.shape(), gpu.sharedBytes);
        expect(tiling.sharedBytes <= gpu.sharedBytes, gpu.name, ": ", each.name(), " plans ", bytesOf(tiling));
      }
    });
  }
}

DNA_TEST(depthwisePlansAreTheSameWhereGpusHaveTheMemory) {
  onLayers([](const DepthwiseCase& each) {
    for (const auto& plan : {cuda::planForward, cuda::planGradient}) {
      const cuda::Tiling most = plan(each.shape(), 227 * 1024);
      for (const Gpu& gpu : GPUS) {
        if (gpu.sharedBytes < cuda::PREFERRED_BYTES) continue;
        expect(sameTile(plan(each.shape(), gpu.sharedBytes), most), gpu.name, " has another plan for ", each.name());
      }
    }
  });
}

}  // namespace dna::tests
