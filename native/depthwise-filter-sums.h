// Sums of a depthwise filter's gradient over packed planes.
#pragma once

#include "depthwise-planes.h"

namespace dna {

// Adds x · dy of a band to `rows` rows of taps from `first` on, kept in registers: sums[tap][lane].
template <int kernel, int first, int rows>
void accumulate(const float* x, const float* dy, const DepthwiseShape& shape, int64_t outputs, float* sums) {
  Lanes taps[rows][kernel];
#pragma GCC unroll 8
  for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
    for (int column = 0; column < kernel; ++column) taps[row][column] = load(sums + ((first + row) * kernel + column) * LANES);
  }
  const int64_t pitch = shape.packedWidth() * LANES, step = shape.stride * LANES;
  for (int64_t output = 0; output < outputs; ++output) {
    const float* window = x + (output * shape.stride + first) * pitch;
    const float* gradient = dy + output * shape.outWidth * LANES;
    for (int64_t column = 0; column < shape.outWidth; ++column, window += step, gradient += LANES) {
      const Lanes factor = load(gradient);
#pragma GCC unroll 8
      for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
        for (int tap = 0; tap < kernel; ++tap) taps[row][tap] += factor * load(window + row * pitch + tap * LANES);
      }
    }
  }
#pragma GCC unroll 8
  for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
    for (int column = 0; column < kernel; ++column) store(sums + ((first + row) * kernel + column) * LANES, taps[row][column]);
  }
}

template <int kernel>
void accumulateBand(const float* x, const float* dy, const DepthwiseShape& shape, int64_t outputs, float* sums) {
  // 49 sums do not fit into 32 registers.
  if constexpr (kernel == 7) {
    accumulate<7, 0, 4>(x, dy, shape, outputs, sums);
    accumulate<7, 4, 3>(x, dy, shape, outputs, sums);
  } else {
    accumulate<kernel, 0, kernel>(x, dy, shape, outputs, sums);
  }
}

}  // namespace dna
