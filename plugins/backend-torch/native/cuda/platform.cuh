// nvcc, or the host standing in for the GPU in `tests/`: the same kernels are compiled by both.
#pragma once

#ifdef __CUDACC__

#include <cuda_bf16.h>
#include <cuda_runtime.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#define DNA_LAUNCH(kernel, grid, block, shared, stream) kernel<<<grid, block, shared, stream>>>
#define DNA_MAY_ALIAS
#define DNA_UNROLL _Pragma("unroll")
#define DNA_UNROLL_BY(times) DNA_PRAGMA(unroll times)
#define DNA_PRAGMA(text) _Pragma(#text)

namespace dna::cuda {

// The block's shared memory: as many bytes as the launch asked for, aligned for 16-byte access.
template <typename T>
__device__ inline T* sharedMemory() {
  extern __shared__ __align__(16) unsigned char dnaShared[];
  return reinterpret_cast<T*>(dnaShared);
}

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800

// 16 bytes from global to shared memory behind the thread's back; zeros where nothing is to be read.
__device__ inline void copyAsync(void* to, const void* from, bool wanted) {
  const auto address = static_cast<unsigned>(__cvta_generic_to_shared(to));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;\n" ::"r"(address), "l"(from), "r"(wanted ? 16 : 0)
               : "memory");
}
// Waits for this thread's copies; a barrier has to follow before others read them.
__device__ inline void waitForCopies() { asm volatile("cp.async.wait_all;\n" ::: "memory"); }

#else

// GPUs before the A100 have no such copies.
__device__ inline void copyAsync(void* to, const void* from, bool wanted) {
  *static_cast<uint4*>(to) = wanted ? *static_cast<const uint4*>(from) : make_uint4(0, 0, 0, 0);
}
__device__ inline void waitForCopies() {}

#endif

// What one 16-byte access moves.
struct Words {
  uint32_t word[4];
};
__device__ inline Words loadWords(const void* from) {
  const uint4 words = *static_cast<const uint4*>(from);
  return {{words.x, words.y, words.z, words.w}};
}
__device__ inline void saveWords(void* to, const Words& words) {
  // A plain assignment is made four stores where nvcc likes.
  __stcg(static_cast<uint4*>(to), make_uint4(words.word[0], words.word[1], words.word[2], words.word[3]));
}

__device__ inline float bitsToFloat(uint32_t bits) { return __uint_as_float(bits); }
__device__ inline uint32_t floatToBits(float value) { return __float_as_uint(value); }

// Two float32 as bf16, rounded to nearest even; `low` in the lower half.
__device__ inline uint32_t packBfloat16(float low, float high) {
  const __nv_bfloat162_raw pair = __floats2bfloat162_rn(low, high);
  return static_cast<uint32_t>(pair.y) << 16 | pair.x;
}

__device__ inline float fastExp(float x) { return __expf(x); }
__device__ inline float fastDivide(float dividend, float divisor) { return __fdividef(dividend, divisor); }

inline void check(cudaError_t status, const char* kernel) {
  if (status == cudaSuccess) return;
  throw std::runtime_error(std::string(kernel) + ": " + cudaGetErrorString(status));
}

// Throws where the launch before was refused.
inline void checkLaunch(const char* kernel) { check(cudaGetLastError(), kernel); }

// Bytes of shared memory that a block of the current device may ask for.
inline int64_t sharedLimit() {
  int device = 0, bytes = 0;
  check(cudaGetDevice(&device), "the current device");
  check(cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device), "a block's shared memory");
  return bytes;
}

// More shared memory than the 48 KB that a kernel gets without asking.
template <typename Kernel>
void allowShared(Kernel kernel, size_t bytes, const char* name) {
  if (bytes <= 48 * 1024) return;
  check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes)), name);
}

}  // namespace dna::cuda

#else

#include "../tests/cuda-emulation.h"

#endif
