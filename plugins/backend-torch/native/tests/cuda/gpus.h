// GPUs by what the kernels must respect.
#pragma once

#include <cstdint>

#include "../cuda-emulation.h"

namespace dna::tests {

struct Gpu {
  const char* name;
  // What a block may have of shared memory after it asked.
  int64_t sharedBytes;
};

inline constexpr Gpu GPUS[] = {
    {"7.5 (Turing)", 64 * 1024},
    {"8.6 and 8.9 (RTX 30 and 40)", 99 * 1024},
    {"8.0 (A100)", 163 * 1024},
    {"9.0 and 10.0 (H100, B200)", 227 * 1024},
};

// Emulates a GPU while it lives; afterwards the smallest one again.
class OnGpu {
 public:
  explicit OnGpu(int64_t sharedBytes) { emulation::setSharedLimit(static_cast<size_t>(sharedBytes)); }
  explicit OnGpu(const Gpu& gpu) : OnGpu(gpu.sharedBytes) {}
  ~OnGpu() { emulation::setSharedLimit(static_cast<size_t>(GPUS[0].sharedBytes)); }
  OnGpu(const OnGpu&) = delete;
  OnGpu& operator=(const OnGpu&) = delete;
};

}  // namespace dna::tests
