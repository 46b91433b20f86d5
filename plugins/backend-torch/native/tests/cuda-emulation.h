// Stands in for nvcc and the GPU, so that the arithmetic of the `.cu` files is tested on any machine.
//
// A block's threads are fibers that run one after the other from barrier to barrier, in an order that a test chooses:
// results that depend on it show a missing barrier. Shared memory is as large as the launch asked for, filled with
// NaNs, and lies on the heap, where AddressSanitizer sees what reaches beyond it. Asynchronous copies are made when
// they are waited for, not before.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>

#define __global__
#define __device__
#define __host__
#define __launch_bounds__(...)
#define DNA_MAY_ALIAS [[gnu::may_alias]]
#define DNA_UNROLL
#define DNA_UNROLL_BY(times)
#define DNA_LAUNCH(kernel, grid, block, shared, stream) ::dna::emulation::launch(grid, block, shared, stream, kernel)

struct CUstream_st;

namespace dna::emulation {

struct Extent {
  unsigned x, y, z;
  Extent(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

inline Extent threadIndex, blockIndex, blockExtent, gridExtent;

// The order in which blocks, and a block's threads between two barriers, run.
enum class Order { Ascending, Descending, Shuffled };
void setOrder(Order order);

// Runs `body` once a thread of the grid. Throws where a launch would be refused, where a barrier is not reached by all
// threads of a block, and where a copy is never waited for.
void run(Extent grid, Extent block, size_t shared, const std::function<void()>& body);

void barrier();
void* sharedBytes();
void copyLater(void* to, const void* from, size_t bytes);
void makeCopies();
// What a block of the GPU that is emulated may have of shared memory; launches that ask for more throw.
void setSharedLimit(size_t bytes);
size_t sharedLimit();
void requireShared(size_t bytes);

template <typename... Parameters>
auto launch(Extent grid, Extent block, size_t shared, CUstream_st*, void (*kernel)(Parameters...)) {
  return [=](Parameters... values) { run(grid, block, shared, [&] { kernel(values...); }); };
}

}  // namespace dna::emulation

namespace dna::cuda {

using dim3 = emulation::Extent;
inline const dim3& threadIdx = emulation::threadIndex;
inline const dim3& blockIdx = emulation::blockIndex;
inline const dim3& blockDim = emulation::blockExtent;
inline const dim3& gridDim = emulation::gridExtent;

inline void __syncthreads() { emulation::barrier(); }

template <typename T>
T* sharedMemory() {
  return static_cast<T*>(emulation::sharedBytes());
}

inline void copyAsync(void* to, const void* from, bool wanted) {
  emulation::copyLater(to, wanted ? from : nullptr, 16);
}
inline void waitForCopies() { emulation::makeCopies(); }

struct alignas(16) [[gnu::may_alias]] Words {
  uint32_t word[4];
};
// UndefinedBehaviorSanitizer sees what is not aligned.
inline Words loadWords(const void* from) { return *static_cast<const Words*>(from); }
inline void saveWords(void* to, const Words& words) { *static_cast<Words*>(to) = words; }

inline float bitsToFloat(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
inline uint32_t floatToBits(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline uint32_t roundToBfloat16(float value) {
  const uint32_t bits = floatToBits(value);
  if (std::isnan(value)) return 0x7fff;
  return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}
inline uint32_t packBfloat16(float low, float high) { return roundToBfloat16(high) << 16 | roundToBfloat16(low); }

inline float fastExp(float x) { return std::exp(x); }
inline float fastDivide(float dividend, float divisor) { return dividend / divisor; }
inline float rsqrtf(float x) { return 1.0f / std::sqrt(x); }

inline void checkLaunch(const char*) {}
inline int64_t sharedLimit() { return static_cast<int64_t>(emulation::sharedLimit()); }
template <typename Kernel>
void allowShared(Kernel, size_t bytes, const char*) {
  emulation::requireShared(bytes);
}

}  // namespace dna::cuda
