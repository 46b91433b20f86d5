// Sums of a depthwise filter's taps along a row of packed planes: the convolution, and its gradient to the input.
#pragma once

#include <vector>

#include "depthwise-planes.h"

namespace dna {

// Where a tap reads: floats from the plane's, and from the filter's beginning.
struct Tap {
  int64_t plane, filter;
};

// Calls out(j, sum) for `tile` results, each `step` floats after the one before.
template <int tile, typename Out>
inline void sumTile(const float* plane, const std::vector<Tap>& taps, int64_t step, const float* filter, Out&& out) {
  Lanes sums[tile];
#pragma GCC unroll 8
  for (int j = 0; j < tile; ++j) sums[j] = splat(0.0f);
  for (const Tap& tap : taps) {
    const Lanes factor = load(filter + tap.filter);
    const float* from = plane + tap.plane;
#pragma GCC unroll 8
    for (int j = 0; j < tile; ++j) sums[j] += factor * load(from + j * step);
  }
#pragma GCC unroll 8
  for (int j = 0; j < tile; ++j) out(j, sums[j]);
}

// The same for any number of results.
template <typename Out>
void sumRow(const float* plane, const std::vector<Tap>& taps, int64_t step, const float* filter, int64_t count, Out&& out) {
  int64_t at = 0;
  const auto tile = [&](auto fixed) {
    constexpr int size = decltype(fixed)::value;
    for (; at + size <= count; at += size) {
      sumTile<size>(plane + at * step, taps, step, filter, [&](int j, Lanes sum) { out(at + j, sum); });
    }
  };
  tile(std::integral_constant<int, 8>{});
  tile(std::integral_constant<int, 4>{});
  tile(std::integral_constant<int, 2>{});
  tile(std::integral_constant<int, 1>{});
}

// Taps of the convolution on planes of `pitch` floats a row and filters of `channels` floats a tap.
inline std::vector<Tap> convolutionTaps(const DepthwiseShape& shape, int64_t pitch) {
  std::vector<Tap> taps;
  for (int64_t row = 0; row < shape.kernel; ++row) {
    for (int64_t column = 0; column < shape.kernel; ++column) {
      taps.push_back({row * pitch + column * LANES, (row * shape.kernel + column) * shape.channels});
    }
  }
  return taps;
}

// Rows (or columns) of the output's gradient that rows [first, end) of the input's read, one past the last; rows beyond
// the output's are zeros.
struct Reach {
  int64_t first, end;

  Reach(int64_t from, int64_t to, int64_t border, const DepthwiseShape& shape)
      : first(floorOf(from + border - (shape.kernel - 1), shape.stride)), end(floorOf(to - 1 + border, shape.stride) + 1) {}

 private:
  static int64_t floorOf(int64_t value, int64_t by) { return value >= 0 ? value / by : -((-value + by - 1) / by); }
};

// Taps that a pixel of the input has at this row and column, on planes of the output's gradient that begin at
// (top, left); they repeat every `stride` columns, one column of the planes further each time.
inline std::vector<Tap> gradientTaps(const DepthwiseShape& shape, int64_t row, int64_t column, int64_t top, int64_t left,
                                     int64_t pitch) {
  std::vector<Tap> taps;
  for (int64_t y = 0; y < shape.kernel; ++y) {
    const int64_t down = row + shape.top - y;
    if ((down % shape.stride + shape.stride) % shape.stride != 0) continue;
    for (int64_t x = 0; x < shape.kernel; ++x) {
      const int64_t across = column + shape.left - x;
      if ((across % shape.stride + shape.stride) % shape.stride != 0) continue;
      const int64_t fromRow = down / shape.stride - top, fromColumn = across / shape.stride - left;
      taps.push_back({fromRow * pitch + fromColumn * LANES, (y * shape.kernel + x) * shape.channels});
    }
  }
  return taps;
}

}  // namespace dna
