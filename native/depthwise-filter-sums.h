// Sums of a depthwise filter's gradient over packed planes.
#pragma once

#include "depthwise-planes.h"

namespace dna {

// Rows of outputs whose packed inputs and gradients lie in planes: floats of a row of each, and of a step in x.
struct FilterBand {
  int64_t outputs, columns, stride;
  int64_t pitch, gradientPitch;
};

// Sums of some rows of taps, in registers.
template <int rows, int kernel>
using TapSums = Lanes[rows][kernel];

// Adds x · dy of a band to the rows of taps from `first` on: sums[tap][lane]. `addRow(x, dy, taps)` adds a row of outputs.
template <int kernel, int first, int rows, typename AddRow>
[[gnu::always_inline]] inline void accumulate(const float* x, const float* dy, const FilterBand& band, float* sums,
                                              AddRow&& addRow) {
  TapSums<rows, kernel> taps;
  sums += first * kernel * LANES;
#pragma GCC unroll 8
  for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
    for (int tap = 0; tap < kernel; ++tap) taps[row][tap] = load(sums + (row * kernel + tap) * LANES);
  }
  for (int64_t output = 0; output < band.outputs; ++output) {
    addRow(x + (output * band.stride + first) * band.pitch, dy + output * band.gradientPitch, taps);
  }
#pragma GCC unroll 8
  for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
    for (int tap = 0; tap < kernel; ++tap) store(sums + (row * kernel + tap) * LANES, taps[row][tap]);
  }
}

// One output after the other.
template <int rows, int kernel>
[[gnu::always_inline]] inline void addOutputs(const float* x, const float* dy, const FilterBand& band,
                                              TapSums<rows, kernel>& taps) {
  const int64_t pitch = band.pitch, step = band.stride * LANES;
  for (int64_t column = 0; column < band.columns; ++column, x += step, dy += LANES) {
    const Lanes factor = load(dy);
#pragma GCC unroll 8
    for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 8
      for (int tap = 0; tap < kernel; ++tap) taps[row][tap] += factor * load(x + row * pitch + tap * LANES);
    }
  }
}

// Some neighbouring outputs of a convolution without stride: each input is read once for all that it is part of.
template <int tile, int rows, int kernel>
[[gnu::always_inline]] inline void addNeighbours(const float* x, const float* dy, int64_t pitch,
                                                 TapSums<rows, kernel>& taps) {
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

// Some rows of taps after the other.
template <int kernel, int rows, int first = 0>
void accumulateOutputs(const float* x, const float* dy, const FilterBand& band, float* sums) {
  constexpr int SOME = std::min(rows, kernel - first);
  const auto addRow = [&](const float* window, const float* gradient, auto& taps)
                          __attribute__((always_inline)) { addOutputs<SOME, kernel>(window, gradient, band, taps); };
  accumulate<kernel, first, SOME>(x, dy, band, sums, addRow);
  if constexpr (first + SOME < kernel) accumulateOutputs<kernel, rows, first + SOME>(x, dy, band, sums);
}

template <int kernel, int rows, int first = 0>
void accumulateNeighbours(const float* x, const float* dy, const FilterBand& band, float* sums) {
  constexpr int SOME = std::min(rows, kernel - first);
  const auto addRow = [&](const float* window, const float* gradient, auto& taps) __attribute__((always_inline)) {
    inTiles(band.columns, [&](auto tile, int64_t at) __attribute__((always_inline)) {
      addNeighbours<tile.value, SOME, kernel>(window + at * LANES, gradient + at * LANES, band.pitch, taps);
    });
  };
  accumulate<kernel, first, SOME>(x, dy, band, sums, addRow);
  if constexpr (first + SOME < kernel) accumulateNeighbours<kernel, rows, first + SOME>(x, dy, band, sums);
}

template <int kernel>
void accumulateBand(const float* x, const float* dy, const FilterBand& band, float* sums) {
  // As many as there are registers for, beside what they are made of: of neighbours more.
  constexpr int ROWS = std::clamp((REGISTERS - 4) / kernel, 1, kernel), BESIDE = std::min(3, (REGISTERS - 16) / kernel);
  if constexpr (BESIDE >= 2) {
    if (band.stride == 1) return accumulateNeighbours<kernel, BESIDE>(x, dy, band, sums);
  }
  accumulateOutputs<kernel, ROWS>(x, dy, band, sums);
}

}  // namespace dna
