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

// The same of a convolution without stride, `tile` outputs at a time: each input is read once for all the outputs that it is
// part of. The taps stay in registers.
template <int tile, int kernel, int rows>
[[gnu::always_inline]] inline void addNeighbours(const float* x, const float* dy, int64_t pitch, Lanes (&taps)[rows][kernel]) {
  Lanes factors[tile];
#pragma GCC unroll 8
  for (int j = 0; j < tile; ++j) factors[j] = load(dy + j * LANES);
#pragma GCC unroll 16
  for (int place = 0; place < tile + kernel - 1; ++place) {
#pragma GCC unroll 4
    for (int row = 0; row < rows; ++row) {
      const Lanes value = load(x + row * pitch + place * LANES);
#pragma GCC unroll 8
      for (int tap = 0; tap < kernel; ++tap) {
        if (const int j = place - tap; j >= 0 && j < tile) taps[row][tap] += factors[j] * value;
      }
    }
  }
}

template <int kernel, int first, int rows>
void accumulateNeighbours(const float* x, const float* dy, const FilterBand& band, float* sums) {
  Lanes taps[rows][kernel];
#pragma GCC unroll 8
  for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
    for (int tap = 0; tap < kernel; ++tap) taps[row][tap] = load(sums + ((first + row) * kernel + tap) * LANES);
  }
  for (int64_t output = 0; output < band.outputs; ++output) {
    const float* window = x + (output + first) * band.pitch;
    const float* gradient = dy + output * band.gradientPitch;
    inTiles(band.columns, [&](auto tile, int64_t at) __attribute__((always_inline)) {
      addNeighbours<tile.value>(window + at * LANES, gradient + at * LANES, band.pitch, taps);
    });
  }
#pragma GCC unroll 8
  for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
    for (int tap = 0; tap < kernel; ++tap) store(sums + ((first + row) * kernel + tap) * LANES, taps[row][tap]);
  }
}

// Some rows of taps after the other, each with its sums in registers.
template <int kernel, int rows, int first = 0>
void accumulateRows(const float* x, const float* dy, const FilterBand& band, float* sums) {
  constexpr int SOME = std::min(rows, kernel - first);
  accumulate<kernel, first, SOME>(x, dy, band, sums);
  if constexpr (first + SOME < kernel) accumulateRows<kernel, rows, first + SOME>(x, dy, band, sums);
}

template <int kernel, int rows, int first = 0>
void accumulateNeighbourRows(const float* x, const float* dy, const FilterBand& band, float* sums) {
  constexpr int SOME = std::min(rows, kernel - first);
  accumulateNeighbours<kernel, first, SOME>(x, dy, band, sums);
  if constexpr (first + SOME < kernel) accumulateNeighbourRows<kernel, rows, first + SOME>(x, dy, band, sums);
}

template <int kernel>
void accumulateBand(const float* x, const float* dy, const FilterBand& band, float* sums) {
  // As many as there are registers for, beside what they are made of: of neighbours more.
  constexpr int ROWS = std::clamp((REGISTERS - 4) / kernel, 1, kernel), BESIDE = std::min(3, (REGISTERS - 16) / kernel);
  if constexpr (BESIDE >= 2) {
    if (band.stride == 1) return accumulateNeighbourRows<kernel, BESIDE>(x, dy, band, sums);
  }
  accumulateRows<kernel, ROWS>(x, dy, band, sums);
}

}  // namespace dna
