// Shared by the depthwise kernels: a tile's way into shared memory, channel pairs, and a block's way through the tiles.
#pragma once

#include "depthwise-plan.h"
#include "storage.cuh"

namespace dna::cuda {

struct Pair {
  float low, high;
};

struct alignas(8) DNA_MAY_ALIAS TwoFloats {
  float low, high;
};
struct alignas(4) DNA_MAY_ALIAS TwoBfloat16 {
  uint32_t word;
};

__device__ inline Pair loadPair(const float* from) {
  const TwoFloats two = *reinterpret_cast<const TwoFloats*>(from);
  return {two.low, two.high};
}
__device__ inline Pair loadPair(const Bfloat16* from) {
  const uint32_t word = reinterpret_cast<const TwoBfloat16*>(from)->word;
  return {bitsToFloat(word << 16), bitsToFloat(word & 0xffff0000u)};
}
__device__ inline void savePair(float* to, Pair pair) { *reinterpret_cast<TwoFloats*>(to) = {pair.low, pair.high}; }
__device__ inline void savePair(Bfloat16* to, Pair pair) {
  reinterpret_cast<TwoBfloat16*>(to)->word = packBfloat16(pair.low, pair.high);
}

__device__ inline void addProduct(Pair& sum, Pair one, Pair other) {
  sum.low += one.low * other.low;
  sum.high += one.high * other.high;
}

// Images in global memory, and whether 16 bytes of channels can be moved at once.
template <typename T>
struct Images {
  const T* data;
  int height, width, channels;
  bool wide;
};

// Rows and columns of an image that a tile in shared memory holds, from (row, column) on; zeros beyond its edges.
struct Region {
  int64_t image;
  int row, column, rows, columns;
};

// Threads lie side by side over a pixel's channels, and go on pixel by pixel, without divisions.
template <int WIDTH, typename T, typename Move>
__device__ inline void forOwnPixels(const Region& region, int pixelChannels, Move&& move) {
  const int parts = pixelChannels / WIDTH;
  const int step = static_cast<int>(blockDim.x) / parts;
  const int first = static_cast<int>(threadIdx.x) / parts;
  const int channel = static_cast<int>(threadIdx.x) % parts * WIDTH;
  if (first >= step) return;
  int row = first / region.columns, column = first % region.columns;
  for (int pixel = first; row < region.rows; pixel += step) {
    move(pixel, row, column, channel);
    column += step;
    while (column >= region.columns) {
      column -= region.columns;
      ++row;
    }
  }
}

// Starts to fill `tile` [rows, columns, pixelChannels] from `firstChannel` on; `waitForCopies` and a barrier end it.
template <typename T>
__device__ inline void fillTile(T* tile, const Images<T>& images, const Region& region, int pixelChannels,
                                int firstChannel) {
  const T* image = images.data + region.image * images.height * images.width * images.channels;
  const auto inside = [&](int row, int column, int channel) {
    return row >= 0 && row < images.height && column >= 0 && column < images.width && channel < images.channels;
  };
  const auto place = [&](int row, int column, int channel) {
    return image + (static_cast<int64_t>(row) * images.width + column) * images.channels + channel;
  };
  if (images.wide) {
    forOwnPixels<FULL_WIDTH<T>, T>(region, pixelChannels, [&](int pixel, int row, int column, int channel) {
      const int y = region.row + row, x = region.column + column;
      const bool wanted = inside(y, x, firstChannel + channel);
      const T* from = wanted ? place(y, x, firstChannel + channel) : images.data;
      copyAsync(tile + pixel * pixelChannels + channel, from, wanted);
    });
  } else {
    forOwnPixels<1, T>(region, pixelChannels, [&](int pixel, int row, int column, int channel) {
      const int y = region.row + row, x = region.column + column;
      T value{};
      if (inside(y, x, firstChannel + channel)) value = *place(y, x, firstChannel + channel);
      tile[pixel * pixelChannels + channel] = value;
    });
  }
}

// filter [taps, channels] → shared [taps, pixelChannels], zeros beyond the last channel.
__device__ inline void fillFilter(float* shared, const float* filter, int taps, int channels, int pixelChannels,
                                  int firstChannel) {
  for (int at = static_cast<int>(threadIdx.x); at < taps * pixelChannels; at += static_cast<int>(blockDim.x)) {
    const int tap = at / pixelChannels, channel = firstChannel + at % pixelChannels;
    shared[at] = channel < channels ? filter[tap * channels + channel] : 0.0f;
  }
}

// Writes a pair of channels of one pixel, which begins at `to`, as far as there are channels.
template <typename T>
__device__ inline void writePair(T* to, int channel, int channels, bool wide, Pair pair) {
  if (wide) {
    if (channel < channels) savePair(to + channel, pair);
    return;
  }
  const float low[1] = {pair.low}, high[1] = {pair.high};
  if (channel < channels) save<1>(to + channel, low);
  if (channel + 1 < channels) save<1>(to + channel + 1, high);
}

// Where a thread stands in its block.
struct Seat {
  int pixelChannels, firstChannel;
  // The thread's pair within the pixel, and which of the pair's threads it is.
  int pair, team;

  __device__ explicit Seat(const Tiling& tiling)
      : pixelChannels(2 * tiling.pairs),
        firstChannel(static_cast<int>(blockIdx.x) * 2 * tiling.pairs),
        pair(static_cast<int>(threadIdx.x) % tiling.pairs * 2),
        team(static_cast<int>(threadIdx.x) / tiling.pairs) {}
};

struct Tile {
  int64_t image;
  int row, column;

  __device__ Tile(const Tiling& tiling, int64_t index)
      : image(index / (tiling.down * tiling.across)),
        row(static_cast<int>(index / tiling.across % tiling.down) * tiling.rows),
        column(static_cast<int>(index % tiling.across) * tiling.columns) {}
};

}  // namespace dna::cuda
