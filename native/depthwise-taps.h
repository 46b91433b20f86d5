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

// Sums of `tile` results, each `step` floats after the one before.
template <int tile>
void sumTile(const float* plane, const TapGrid& taps, int64_t step, const float* filter, Lanes* results) {
  Lanes sums[tile];
#pragma GCC unroll 8
  for (int j = 0; j < tile; ++j) sums[j] = splat(0.0f);
  for (int64_t row = 0; row < taps.rows; ++row) {
    const float* from = plane + row * taps.pitch;
    const float* factors = filter + row * taps.filterRow;
    for (int64_t column = 0; column < taps.columns; ++column, from += LANES, factors += taps.filterColumn) {
      const Lanes factor = load(factors);
#pragma GCC unroll 8
      for (int j = 0; j < tile; ++j) sums[j] += factor * load(from + j * step);
    }
  }
#pragma GCC unroll 8
  for (int j = 0; j < tile; ++j) results[j] = sums[j];
}

// As many results as there are registers for; a row is divided into tiles as equal as can be.
constexpr int64_t MOST_TILE = 8;

inline void sumTile(int64_t tile, const float* plane, const TapGrid& taps, int64_t step, const float* filter, Lanes* results) {
  switch (tile) {
    case 1: return sumTile<1>(plane, taps, step, filter, results);
    case 2: return sumTile<2>(plane, taps, step, filter, results);
    case 3: return sumTile<3>(plane, taps, step, filter, results);
    case 4: return sumTile<4>(plane, taps, step, filter, results);
    case 5: return sumTile<5>(plane, taps, step, filter, results);
    case 6: return sumTile<6>(plane, taps, step, filter, results);
    case 7: return sumTile<7>(plane, taps, step, filter, results);
    default: return sumTile<8>(plane, taps, step, filter, results);
  }
}

// Calls out(j, sum) for `count` results, each `step` floats after the one before.
template <typename Out>
void sumRow(const float* plane, const TapGrid& taps, int64_t step, const float* filter, int64_t count, Out&& out) {
  Lanes sums[MOST_TILE];
  for (int64_t tiles = (count + MOST_TILE - 1) / MOST_TILE, at = 0; tiles > 0; --tiles) {
    const int64_t tile = (count - at + tiles - 1) / tiles;
    sumTile(tile, plane + taps.plane + at * step, taps, step, filter + taps.filter, sums);
    for (int64_t j = 0; j < tile; ++j) out(at + j, sums[j]);
    at += tile;
  }
}

// Taps of the convolution on planes of `pitch` floats a row and filters of `channels` floats a tap.
inline TapGrid convolutionTaps(const DepthwiseShape& shape, int64_t pitch) {
  return {shape.kernel, shape.kernel, pitch, 0, 0, shape.kernel * shape.channels, shape.channels};
}

// A division that rounds down, where C++'s rounds towards 0.
inline int64_t floorOf(int64_t value, int64_t by) { return value >= 0 ? value / by : -((-value + by - 1) / by); }

// Rows (or columns) of the output's gradient that rows [first, end) of the input's read, one past the last; rows beyond
// the output's are zeros.
struct Reach {
  int64_t first, end;

  Reach(int64_t from, int64_t to, int64_t border, const DepthwiseShape& shape)
      : first(floorOf(from + border - (shape.kernel - 1), shape.stride)), end(floorOf(to - 1 + border, shape.stride) + 1) {}
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
};

// Taps that a pixel of the input has at this row and column, on planes of the output's gradient that begin at
// (top, left); they repeat every `stride` columns, one column of the planes further each time.
inline TapGrid gradientTaps(const DepthwiseShape& shape, int64_t row, int64_t column, int64_t top, int64_t left,
                            int64_t pitch) {
  const TapRun down(row, shape.top, shape), across(column, shape.left, shape);
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
