// How the blocks of a depthwise convolution share the images: tiles of pixels, groups of channels, strips of pixels.
//
// A thread has a pair of channels and, of a tile, strips of `strip` pixels in a row. A block keeps its channels and
// walks over tiles of many images, so that the filter is loaded, and the filter's gradient written, once a block. A
// plan depends on the shape, and on the GPU only where its blocks may have less shared memory than is preferred.
#pragma once

#include "columns.h"
#include "launchers.h"

namespace dna::cuda {

// Of shared memory, filter and tiles together: an H100's processor has room for three such blocks.
constexpr int64_t PREFERRED_BYTES = 75 * 1024;

struct Tiling {
  int pairs;
  int channelGroups;
  // Threads of one channel pair.
  int teams;
  // Of a tile, in the pixels that strips lie in.
  int strip, rows, columns, strips;
  int down, across;
  // Of the tile with halo that windows slide over.
  int haloRows, haloColumns;
  int64_t tiles;
  int walkers;
  // Filter and tiles.
  int64_t sharedBytes;

  int threads() const { return pairs * teams; }
};

// As many pairs as waste least of a block; 16 bytes are a multiple of four of them.
inline int choosePairs(int64_t channels) {
  int best = 4;
  int64_t least = INT64_MAX;
  for (int pairs = 4; pairs <= 32; pairs += 4) {
    const int64_t taken = divideUp(channels, 2 * pairs) * 2 * pairs;
    if (taken <= least) best = pairs;
    least = std::min(least, taken);
  }
  return best;
}

// The longer strip where it covers the width as well.
inline int chooseStrip(int64_t width) { return divideUp(width, 14) * 2 == divideUp(width, 7) ? 14 : 7; }

// What a plan is made for: the pixels that strips lie in, and how far a window reaches from them.
struct Plane {
  int64_t images, height, width;
  int strip, teams;
  // Extents of the halo for a tile of these extents, and bytes a pixel of the halo and of the tile takes.
  int (*haloRows)(int rows, int kernel, int stride);
  int (*haloColumns)(int columns, int kernel, int stride);
  int kernel, stride;
  int64_t haloBytes, tileBytes, filterBytes;
};

inline Tiling tilingOf(const Plane& plane, int rows, int columns) {
  Tiling tiling{};
  tiling.strip = plane.strip;
  tiling.teams = plane.teams;
  tiling.rows = rows;
  tiling.columns = columns;
  tiling.strips = rows * (columns / plane.strip);
  tiling.down = static_cast<int>(divideUp(plane.height, rows));
  tiling.across = static_cast<int>(divideUp(plane.width, columns));
  tiling.haloRows = plane.haloRows(rows, plane.kernel, plane.stride);
  tiling.haloColumns = plane.haloColumns(columns, plane.kernel, plane.stride);
  tiling.tiles = plane.images * tiling.down * tiling.across;
  tiling.sharedBytes =
      plane.filterBytes + tiling.haloRows * tiling.haloColumns * plane.haloBytes + rows * columns * plane.tileBytes;
  return tiling;
}

// Pixels that are loaded and pixels that threads go through, for all tiles of an image.
inline int64_t costOf(const Tiling& tiling) {
  const int64_t turns = divideUp(tiling.strips, tiling.teams);
  const int64_t computed = turns * tiling.teams * tiling.strip;
  return int64_t{tiling.down} * tiling.across * (tiling.haloRows * tiling.haloColumns + computed);
}

// The cheapest tile among those for which a block has the shared memory; the smallest one where it has it for none.
inline Tiling chooseTiling(const Plane& plane, int64_t sharedLimit) {
  const int64_t most = std::min(PREFERRED_BYTES, sharedLimit);
  Tiling best = tilingOf(plane, 1, plane.strip);
  for (const int rows : {1, 2, 4, 7, 8, 14, 16, 28}) {
    for (const int strips : {1, 2, 4, 8}) {
      const Tiling tiling = tilingOf(plane, rows, strips * plane.strip);
      const bool better = best.sharedBytes > most || costOf(tiling) < costOf(best);
      if (tiling.sharedBytes <= most && better) best = tiling;
    }
  }
  return best;
}

// Blocks of one group of channels take its tiles in turn; about `blocks` in all.
inline void shareTiles(Tiling& tiling, int64_t channels, int pairs, int64_t blocks) {
  tiling.pairs = pairs;
  tiling.channelGroups = static_cast<int>(divideUp(channels, 2 * pairs));
  const int64_t most = std::max<int64_t>(1, tiling.tiles);
  tiling.walkers = static_cast<int>(std::clamp<int64_t>(blocks / tiling.channelGroups, 1, most));
}

inline int64_t elementBytes(Storage storage) { return storage == Storage::Bfloat16 ? 2 : 4; }

// Windows of the input over a tile of outputs.
inline int inputHalo(int extent, int kernel, int stride) { return (extent - 1) * stride + kernel; }

inline Tiling planForward(const DepthwiseShape& shape, int64_t sharedLimit) {
  constexpr int THREADS = 256;
  constexpr int64_t BLOCKS = 1056;
  const int pairs = choosePairs(shape.channels);
  const int strip = shape.stride == 1 ? chooseStrip(shape.outWidth) : 7;
  const int64_t pixelBytes = 2 * pairs * elementBytes(shape.storage);
  const int64_t filterBytes = int64_t{shape.kernel} * shape.kernel * 2 * pairs * int64_t{sizeof(float)};
  Tiling tiling = chooseTiling({shape.images, shape.outHeight, shape.outWidth, strip, THREADS / pairs, inputHalo,
                                inputHalo, shape.kernel, shape.stride, pixelBytes, 0, filterBytes},
                               sharedLimit);
  shareTiles(tiling, shape.channels, pairs, BLOCKS);
  return tiling;
}

// Windows of the output's gradient over a tile of inputs; columns as `Window` counts them, the same in both phases.
inline int gradientHaloRows(int rows, int kernel, int stride) {
  const int reach = rows + kernel - 2;
  return stride == 1 ? reach + 1 : (reach + 1) / 2 + 1;
}
inline int gradientHaloColumns(int columns, int kernel, int stride) { return (kernel - 1) / stride + columns / stride; }

inline Tiling planGradient(const DepthwiseShape& shape, int64_t sharedLimit) {
  constexpr int THREADS = 320;
  constexpr int64_t BLOCKS = 528;
  const int pairs = choosePairs(shape.channels);
  const int teams = std::max(1, THREADS / (pairs * shape.kernel)) * shape.kernel;
  const int strip = shape.stride == 1 ? chooseStrip(shape.width) : 14;
  const int64_t pixelBytes = 2 * pairs * elementBytes(shape.storage);
  // The teams of a filter row have sums of their own.
  const int64_t filterBytes = int64_t{teams} * shape.kernel * 2 * pairs * int64_t{sizeof(float)};
  Tiling tiling = chooseTiling({shape.images, shape.height, shape.width, strip, teams, gradientHaloRows,
                                gradientHaloColumns, shape.kernel, shape.stride, pixelBytes, pixelBytes, filterBytes},
                               sharedLimit);
  shareTiles(tiling, shape.channels, pairs, BLOCKS);
  return tiling;
}

// Whether a block has the shared memory for the smallest tile of the longest strips, in both directions.
inline bool fitsShared(const DepthwiseShape& shape, int64_t sharedLimit) {
  DepthwiseShape least = shape;
  least.images = least.height = least.outHeight = 1;
  least.width = least.outWidth = 14;
  return planForward(least, sharedLimit).sharedBytes <= sharedLimit &&
         planGradient(least, sharedLimit).sharedBytes <= sharedLimit;
}

}  // namespace dna::cuda
