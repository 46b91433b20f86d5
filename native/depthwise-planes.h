// Some channels of an image, as many as a vector has lanes, packed with their border: what our depthwise kernels walk on.
#pragma once

#include <algorithm>
#include <vector>

#include "lanes.h"

namespace dna {

// Of one depthwise convolution; sizes are of the input x and the output y.
struct DepthwiseShape {
  int64_t batch, height, width, channels;
  int64_t outHeight, outWidth;
  int64_t kernel, stride, top, left;

  int64_t blocks() const { return (channels + LANES - 1) / LANES; }
  int64_t groups() const { return (channels + 8 * LANES - 1) / (8 * LANES); }
  int64_t imageFloats() const { return height * width * channels; }
  // The output as an input of the same kind.
  DepthwiseShape output() const {
    DepthwiseShape shape = *this;
    shape.height = outHeight;
    shape.width = outWidth;
    return shape;
  }
  // Packed columns of a row that outputs [0, outWidth) read.
  int64_t packedWidth() const { return (outWidth - 1) * stride + kernel; }
  int64_t packedHeight(int64_t outputs) const { return (outputs - 1) * stride + kernel; }
  bool oneBand() const { return bandHeight() == outHeight; }
  // Output rows whose packed input stays in the cache near the core.
  int64_t bandHeight() const {
    constexpr int64_t BAND_FLOATS = 8 * 1024;  // of each block
    const int64_t rows = BAND_FLOATS / (packedWidth() * LANES);
    return std::clamp<int64_t>((rows - kernel) / stride + 1, 1, outHeight);
  }
};

// Some neighbouring blocks of channels, packed together: memory is then read in long pieces.
struct BlockGroup {
  static constexpr int64_t MOST = 8;
  int64_t first, count, channels;

  BlockGroup(const DepthwiseShape& shape, int64_t group)
      : first(group * MOST),
        count(std::min(MOST, shape.blocks() - first)),
        channels(std::min(count * LANES, shape.channels - first * LANES)) {}
};

// Divides a row of `count` results into tiles, as equal as can be and none larger than there are registers for; calls
// work(tile, at), the tile a constant of the compiler. `work` is best inlined: what it adds up stays in registers.
template <typename Work>
[[gnu::always_inline]] inline void inTiles(int64_t count, Work&& work) {
  constexpr int64_t MOST = 8;
  int64_t at = 0;
  for (int64_t tiles = (count + MOST - 1) / MOST; tiles > 0; --tiles) {
    const int64_t tile = tiles == 1 ? count - at : (count - at + tiles - 1) / tiles;
    switch (tile) {
      case 1: work(std::integral_constant<int, 1>{}, at); break;
      case 2: work(std::integral_constant<int, 2>{}, at); break;
      case 3: work(std::integral_constant<int, 3>{}, at); break;
      case 4: work(std::integral_constant<int, 4>{}, at); break;
      case 5: work(std::integral_constant<int, 5>{}, at); break;
      case 6: work(std::integral_constant<int, 6>{}, at); break;
      case 7: work(std::integral_constant<int, 7>{}, at); break;
      default: work(std::integral_constant<int, 8>{}, at);
    }
    at += tile;
  }
}

// A rectangle of pixels; those outside of the image are 0.
struct Rectangle {
  int64_t row, column, rows, columns;

  int64_t floats() const { return rows * columns * LANES; }
};

// Whether the zeros around an image are written, or lie there already.
enum class Border { Written, Kept };

// Neighbouring pixels of a row of the image, and where the first of them goes in the first block's plane.
struct PixelRun {
  int64_t pixel, count;
  float* to;
};

// Calls inside(run) for the pixels of a rectangle that lie in the image, row by row, and fills the others with zeros: one
// plane a block of channels.
template <typename Inside>
void packRectangle(const DepthwiseShape& shape, int64_t blocks, const Rectangle& at, Border border, float* to,
                   Inside&& inside) {
  const int64_t plane = at.floats();
  const int64_t first = std::clamp<int64_t>(-at.column, 0, at.columns);
  const int64_t end = std::clamp<int64_t>(shape.width - at.column, first, at.columns);
  const auto fillZeros = [&](float* from, int64_t columns) {
    if (border == Border::Kept) return;
    for (int64_t block = 0; block < blocks; ++block) std::fill_n(from + block * plane, columns * LANES, 0.0f);
  };
  for (int64_t row = at.row; row < at.row + at.rows; ++row, to += at.columns * LANES) {
    if (row < 0 || row >= shape.height) {
      fillZeros(to, at.columns);
      continue;
    }
    fillZeros(to, first);
    inside(PixelRun{row * shape.width + at.column + first, end - first, to + first * LANES});
    fillZeros(to + end * LANES, at.columns - end);
  }
}

}  // namespace dna
