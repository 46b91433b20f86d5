// Kernels over all elements of dense tensors of one shape: 16 bytes at a time, the rest one by one.
//
// What is done is a functor over offsets: `apply<WIDTH>(offset)` writes, `sum<WIDTH>(offset)` gives a number to add.
#pragma once

#include <algorithm>

#include "columns.h"
#include "storage.cuh"

namespace dna::cuda {

constexpr int FLAT_THREADS = 256;
constexpr int64_t FLAT_BLOCKS = 1024;

// `WIDTH` elements a thread and turn; the elements after the last whole turn go to the first threads.
template <int WIDTH, typename Work>
__device__ inline void forOwnElements(int64_t count, Work&& work) {
  const int64_t own = static_cast<int64_t>(blockIdx.x) * FLAT_THREADS + threadIdx.x;
  const int64_t step = static_cast<int64_t>(gridDim.x) * FLAT_THREADS;
  const int64_t whole = count / WIDTH;
  DNA_UNROLL_BY(2)
  for (int64_t at = own; at < whole; at += step) work(at * WIDTH, std::integral_constant<int, WIDTH>{});
  if constexpr (WIDTH > 1) {
    if (own < count - whole * WIDTH) work(whole * WIDTH + own, std::integral_constant<int, 1>{});
  }
}

template <int WIDTH, typename Mapper>
__global__ void __launch_bounds__(FLAT_THREADS) mapFlat(int64_t count, Mapper mapper) {
  forOwnElements<WIDTH>(count,
                        [&](int64_t offset, auto width) { mapper.template apply<decltype(width)::value>(offset); });
}

// Halves, then halves again: of the block's values the sum, in thread 0.
__device__ inline float sumOfBlock(float value, int threads) {
  float* shared = sharedMemory<float>();
  const int own = static_cast<int>(threadIdx.x);
  shared[own] = value;
  for (int half = threads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (own < half) shared[own] += shared[own + half];
  }
  return shared[0];
}

template <int WIDTH, typename Reader>
__global__ void __launch_bounds__(FLAT_THREADS) sumFlat(int64_t count, Reader reader, float* partials) {
  float sum = 0.0f;
  forOwnElements<WIDTH>(
      count, [&](int64_t offset, auto width) { sum += reader.template sum<decltype(width)::value>(offset); });
  const float total = sumOfBlock(sum, FLAT_THREADS);
  if (threadIdx.x == 0) partials[blockIdx.x] = total;
}

inline int64_t flatBlocks(int64_t count, int width) {
  return std::clamp<int64_t>(divideUp(count, static_cast<int64_t>(FLAT_THREADS) * width), 1, FLAT_BLOCKS);
}

template <int WIDTH, typename Mapper>
void launchFlat(int64_t count, const Mapper& mapper, Stream stream, const char* name) {
  if (count == 0) return;
  const auto map = &mapFlat<WIDTH, Mapper>;
  const dim3 grid(static_cast<unsigned>(flatBlocks(count, WIDTH)));
  DNA_LAUNCH(map, grid, dim3(FLAT_THREADS), 0, stream)(count, mapper);
  checkLaunch(name);
}

}  // namespace dna::cuda
