// Sums of a depthwise filter's taps along a row of packed planes: the convolution, and its gradient to the input.
#pragma once

#include "depthwise-planes.h"

namespace dna {

// The taps of one result: a rectangle of neighbours on a plane, each with its place in the filter.
struct TapGrid {
  int64_t rows, columns;
  // Floats of a row of the plane, and from its beginning to the first tap.
  int64_t pitch, plane;
  // Floats from the filter's beginning to the first tap, and from one row and column of taps to the next.
  int64_t filter, filterRow, filterColumn;
};

// Calls out(j, sum) for `tile` results, each `step` floats after the one before. A sum waits four cycles for its last
// addition: few results have two sums each. In the caller's code, with what it does to the sums: they stay in registers.
template <int tile, typename Out>
[[gnu::always_inline]] inline void sumTile(const float* plane, const TapGrid& taps, int64_t step, const float* filter,
                                           Out&& out) {
  constexpr int CHAINS = tile <= 4 ? 2 : 1;
  Lanes sums[CHAINS][tile];
#pragma GCC unroll 2
  for (int chain = 0; chain < CHAINS; ++chain) {
#pragma GCC unroll 8
    for (int j = 0; j < tile; ++j) sums[chain][j] = splat(0.0f);
  }
  const auto addTap = [&](int chain, const float* from, const float* factors) {
    const Lanes factor = load(factors);
#pragma GCC unroll 8
    for (int j = 0; j < tile; ++j) sums[chain][j] += factor * load(from + j * step);
  };
  for (int64_t row = 0; row < taps.rows; ++row) {
    const float* from = plane + row * taps.pitch;
    const float* factors = filter + row * taps.filterRow;
    int64_t column = 0;
    for (; column + CHAINS <= taps.columns; column += CHAINS) {
#pragma GCC unroll 2
      for (int chain = 0; chain < CHAINS; ++chain, from += LANES, factors += taps.filterColumn)
        addTap(chain, from, factors);
    }
    if (column < taps.columns) addTap(0, from, factors);
  }
#pragma GCC unroll 8
  for (int j = 0; j < tile; ++j) out(j, CHAINS == 2 ? sums[0][j] + sums[CHAINS - 1][j] : sums[0][j]);
}

// The same of neighbouring results with this number of taps in a row: each value of the plane is read once for all of them.
template <int tile, int columns, typename Out>
[[gnu::always_inline]] inline void sumNeighbours(const float* plane, const TapGrid& taps, const float* filter,
                                                 Out&& out) {
  Lanes sums[tile];
#pragma GCC unroll 8
  for (int j = 0; j < tile; ++j) sums[j] = splat(0.0f);
  for (int64_t row = 0; row < taps.rows; ++row, plane += taps.pitch, filter += taps.filterRow) {
    Lanes factors[columns];
#pragma GCC unroll 8
    for (int column = 0; column < columns; ++column) factors[column] = load(filter + column * taps.filterColumn);
#pragma GCC unroll 16
    for (int place = 0; place < tile + columns - 1; ++place) {
      const Lanes value = load(plane + place * LANES);
#pragma GCC unroll 8
      for (int column = 0; column < columns; ++column) {
        if (const int j = place - column; j >= 0 && j < tile) sums[j] += factors[column] * value;
      }
    }
  }
#pragma GCC unroll 8
  for (int j = 0; j < tile; ++j) out(j, sums[j]);
}

// Calls out(j, sum) for `count` results, each `step` floats after the one before; `out` is best inlined.
template <typename Out>
[[gnu::always_inline]] inline void sumRow(const float* plane, const TapGrid& taps, int64_t step, const float* filter,
                                          int64_t count, Out&& out) {
  plane += taps.plane;
  filter += taps.filter;
  inTiles(count, [&](auto tile, int64_t at) __attribute__((always_inline)) {
    const auto put = [&](int64_t j, Lanes sum) __attribute__((always_inline)) { out(at + j, sum); };
    const float* from = plane + at * step;
    if (tile.value >= 4 && step == LANES && taps.columns == 5) sumNeighbours<tile.value, 5>(from, taps, filter, put);
    else if (tile.value >= 4 && step == LANES && taps.columns == 3)
      sumNeighbours<tile.value, 3>(from, taps, filter, put);
    else sumTile<tile.value>(from, taps, step, filter, put);
  });
}

// Taps that a row of outputs has of the convolution, on planes of `pitch` floats a row and filters of `channels` floats a
// tap. Those on rows beyond the image are left out: they would add zeros.
inline TapGrid convolutionTaps(const DepthwiseShape& shape, int64_t pitch, int64_t output) {
  const int64_t top = output * shape.stride - shape.top;
  const int64_t first = std::clamp<int64_t>(-top, 0, shape.kernel);
  const int64_t end = std::clamp<int64_t>(shape.height - top, first, shape.kernel);
  const int64_t filterRow = shape.kernel * shape.channels;
  return {end - first, shape.kernel, pitch, first * pitch, first * filterRow, filterRow, shape.channels};
}

// A division that rounds down, where C++'s rounds towards 0.
inline int64_t floorOf(int64_t value, int64_t by) { return value >= 0 ? value / by : -((-value + by - 1) / by); }

// Rows (or columns) of the output's gradient that rows [first, end) of the input's read, one past the last; rows beyond
// the output's are zeros.
struct Reach {
  int64_t first, end;

  Reach(int64_t from, int64_t to, int64_t border, const DepthwiseShape& shape)
      : first(floorOf(from + border - (shape.kernel - 1), shape.stride)),
        end(floorOf(to - 1 + border, shape.stride) + 1) {}
};

// Along one axis: the outputs that a place of the input takes part in, and the filter's tap for the first of them; each
// next output is `stride` taps before.
struct TapRun {
  int64_t count, output, tap;

  TapRun(int64_t place, int64_t border, const DepthwiseShape& shape) {
    const int64_t last = floorOf(place + border, shape.stride), nearest = place + border - last * shape.stride;
    count = (shape.kernel - 1 - nearest) / shape.stride + 1;
    output = last - (count - 1);
    tap = nearest + (count - 1) * shape.stride;
    if (nearest >= shape.kernel) count = 0;
  }

  // Without outputs beyond the first and the last.
  void clip(int64_t outputs, int64_t stride) {
    const int64_t before = std::clamp<int64_t>(-output, 0, count);
    output += before;
    tap -= before * stride;
    count = std::clamp<int64_t>(outputs - output, 0, count - before);
  }
};

// Taps that a pixel of the input has at this row and column, on planes of the output's gradient that begin at
// (top, left); they repeat every `stride` columns, one column of the planes further each time. Rows beyond the gradient
// are left out.
inline TapGrid gradientTaps(const DepthwiseShape& shape, int64_t row, int64_t column, int64_t top, int64_t left,
                            int64_t pitch) {
  TapRun down(row, shape.top, shape);
  down.clip(shape.outHeight, shape.stride);
  const TapRun across(column, shape.left, shape);
  const int64_t channels = shape.channels;
  return {down.count,
          across.count,
          pitch,
          (down.output - top) * pitch + (across.output - left) * LANES,
          (down.tap * shape.kernel + across.tap) * channels,
          -shape.stride * shape.kernel * channels,
          -shape.stride * channels};
}

}  // namespace dna
