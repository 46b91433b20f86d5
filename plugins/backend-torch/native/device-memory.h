// Memory of tensors on a GPU, as libtorch's caching allocator has it. On the CPU, and in an addon without CUDA, all of
// it is zero and nothing is done.
#pragma once

#include <cstddef>

#include "errors.h"
#include "torch.h"

namespace dna {

// All in bytes.
struct DeviceMemory {
  // Held by tensors now, and at most so far.
  size_t used;
  size_t peak;
  // Free, kept to be given out again.
  size_t cached;
  // What tensors may take in all: the device's memory or the set limit.
  size_t limit;
};

DeviceMemory deviceMemory(at::Device device);
// Above it, an allocation fails; 0 for the device's memory. Also begins to watch for allocations that fail.
void setDeviceMemoryLimit(at::Device device, size_t bytes);
// Gives the cached memory back to the driver, and starts the peak anew.
void trimDeviceMemory(at::Device device);
// What the c10::OutOfMemoryError that was just caught on this thread stands for.
OutOfMemory refusedAllocation();

}  // namespace dna
