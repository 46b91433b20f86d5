// Memory of tensors on the host.
//
// libtorch asks the C library for every tensor, which maps and clears pages for each large one: on the CPU that costs a
// third of a training step. Here freed blocks are kept by size class and given out again; large ones ask for huge pages.
// A limit makes running out an error that can be told, where Linux would kill the process.
#pragma once

#include <cstddef>

namespace dna {

// All in bytes.
struct HostMemory {
  // Held by tensors now, and at most so far.
  size_t used;
  size_t peak;
  // Free, kept to be given out again.
  size_t cached;
  size_t limit;
};

// Makes ours libtorch's allocator on the host; again is a no-op. Tensors made before keep the allocator they came from.
void installHostAllocator();
// Above it, an allocation throws OutOfMemory; 0 for the machine's memory.
void setHostMemoryLimit(size_t bytes);
HostMemory hostMemory();
// Gives the cached blocks back to the system, and starts the peak anew.
void trimHostMemory();

}  // namespace dna
