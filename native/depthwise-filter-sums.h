// Sums of a depthwise filter's gradient over packed planes.
#pragma once

#include "depthwise-planes.h"

namespace dna {

// Rows of outputs whose packed inputs and gradients lie in planes: floats of a row of each, and of a step in x.
struct FilterBand {
  int64_t outputs, columns, stride;
  int64_t pitch, gradientPitch;
};

// Adds x · dy of a band to `rows` rows of taps from `first` on, kept in registers: sums[tap][lane].
template <int kernel, int first, int rows>
void accumulate(const float* x, const float* dy, const FilterBand& band, float* sums) {
  Lanes taps[rows][kernel];
#pragma GCC unroll 8
  for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
    for (int column = 0; column < kernel; ++column) taps[row][column] = load(sums + ((first + row) * kernel + column) * LANES);
  }
  const int64_t pitch = band.pitch, step = band.stride * LANES;
  for (int64_t output = 0; output < band.outputs; ++output) {
    const float* window = x + (output * band.stride + first) * pitch;
    const float* gradient = dy + output * band.gradientPitch;
    for (int64_t column = 0; column < band.columns; ++column, window += step, gradient += LANES) {
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
void accumulateBand(const float* x, const float* dy, const FilterBand& band, float* sums) {
  // 49 sums do not fit into 32 registers.
  if constexpr (kernel == 7) {
    accumulate<7, 0, 4>(x, dy, band, sums);
    accumulate<7, 4, 3>(x, dy, band, sums);
  } else {
    accumulate<kernel, 0, kernel>(x, dy, band, sums);
  }
}

}  // namespace dna
