// The machine that the fake runtime pretends to be, as the environment describes it.
#pragma once

#include <cstddef>

namespace fake {

struct Settings {
  // FAKE_CUDA_GPUS, 1.
  int gpus;
  // FAKE_CUDA_CAPABILITY, 9.0.
  int major, minor;
  // What a block may have of shared memory after it asked: FAKE_CUDA_SHARED_BYTES, else as much as that GPU
  // has.
  size_t sharedBytes;
  int threadsPerProcessor;
  // FAKE_CUDA_MEMORY_GB, 80.
  size_t memoryBytes;
  // FAKE_CUDA_DRIVER, as cudaDriverGetVersion numbers it: 13000. An older one is refused as the real runtime
  // does.
  int driver;
};

const Settings& settings();

// Whether the driver is as new as the runtime wants.
bool driverSuffices();

constexpr int RUNTIME_VERSION = 13000;
constexpr size_t SHARED_WITHOUT_ASKING = 48 * 1024;

}  // namespace fake
