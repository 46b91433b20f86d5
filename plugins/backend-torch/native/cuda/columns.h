// How the blocks and threads of a launch share a [segments, rows, channels] tensor, channels innermost.
#pragma once

#include <algorithm>
#include <cstdint>

namespace dna::cuda {

constexpr int COLUMN_THREADS = 256;
// One wave of an H100; a constant, so that sums are taken in the same order on every card.
constexpr int64_t COLUMN_BLOCKS = 1024;

// A block's threads lie `lanes` side by side over channels, each with `width` of them, and rows below. The rows of a
// segment are dealt to `slabs` blocks, tile by tile in turn.
struct Columns {
  int64_t segments;
  int64_t rows;
  int64_t channels;
  int lanes;
  int groups;
  int slabs;
  int rowsPerBlock;

  int64_t partials(int sums) const { return segments * slabs * sums * channels; }
};

inline int64_t divideUp(int64_t dividend, int64_t divisor) { return (dividend + divisor - 1) / divisor; }

inline Columns dealColumns(int64_t segments, int64_t rows, int64_t channels, int width) {
  constexpr int64_t MOST_LANES = 32, ROWS_PER_THREAD = 8;
  const int64_t needed = std::max<int64_t>(1, divideUp(channels, width));
  const int64_t groups = divideUp(needed, MOST_LANES);
  const int64_t lanes = divideUp(needed, groups);
  const int64_t rowsPerBlock = COLUMN_THREADS / lanes;
  const int64_t most = std::max<int64_t>(1, COLUMN_BLOCKS / std::max<int64_t>(1, segments * groups));
  const int64_t slabs = std::clamp<int64_t>(divideUp(rows, rowsPerBlock * ROWS_PER_THREAD), 1, most);
  return {segments,
          rows,
          channels,
          static_cast<int>(lanes),
          static_cast<int>(groups),
          static_cast<int>(slabs),
          static_cast<int>(rowsPerBlock)};
}

}  // namespace dna::cuda
