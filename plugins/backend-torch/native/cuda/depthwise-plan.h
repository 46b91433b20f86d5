// How the blocks of a depthwise convolution share the images: tiles of pixels, groups of channels, strips of pixels.
//
// A thread has a pair of channels and, of a tile, strips of `strip` pixels in a row. A block keeps its channels and
// walks over tiles of many images, so that the filter is loaded, and the filter's gradient written, once a block.
#pragma once

#include "columns.h"
#include "launchers.h"

namespace dna::cuda {

constexpr int64_t TILE_BYTES = 64 * 1024;

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
  int64_t haloBytes, tileBytes;
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
  return tiling;
}

inline int64_t tileBytes(const Plane& plane, const Tiling& tiling) {
  return tiling.haloRows * tiling.haloColumns * plane.haloBytes + tiling.rows * tiling.columns * plane.tileBytes;
}

// Pixels that are loaded and pixels that threads go through, for all tiles of an image.
inline int64_t costOf(const Tiling& tiling) {
  const int64_t turns = divideUp(tiling.strips, tiling.teams);
  const int64_t computed = turns * tiling.teams * tiling.strip;
  return int64_t{tiling.down} * tiling.across * (tiling.haloRows * tiling.haloColumns + computed);
}

// The cheapest tile among those that leave room for three blocks on a processor.
inline Tiling chooseTiling(const Plane& plane) {
  Tiling best = tilingOf(plane, 1, plane.strip);
  for (const int rows : {1, 2, 4, 7, 8, 14, 16, 28}) {
    for (const int strips : {1, 2, 4, 8}) {
      const Tiling tiling = tilingOf(plane, rows, strips * plane.strip);
      if (tileBytes(plane, tiling) <= TILE_BYTES && costOf(tiling) < costOf(best)) best = tiling;
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

}  // namespace dna::cuda
