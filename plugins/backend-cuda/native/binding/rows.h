// A tensor seen as rows of channels (its last axis), walked in full vectors and in chunks of fixed size.
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "lanes.h"
#include "parallel.h"

namespace dna {

// Some rows together are a whole number of vectors; per-channel values are repeated to that width, so that no loop has
// to mask. The rows that are left over are a group that is padded with zeros.
struct RowGroups {
  int64_t rows, channels, perGroup, width, groups;

  RowGroups(int64_t rowCount, int64_t channelCount)
      : rows(rowCount),
        channels(channelCount),
        perGroup(LANES / std::gcd(LANES, std::max<int64_t>(channelCount, 1))),
        width(perGroup * channelCount),
        groups(rowCount / perGroup) {}

  int64_t restRows() const { return rows - groups * perGroup; }
  int64_t restFloats() const { return restRows() * channels; }
  int64_t restOffset() const { return groups * width; }

  // Groups a chunk: about 64 KB of floats. Chunks do not depend on the number of threads, nor do sums made by them.
  int64_t perChunk() const { return std::max<int64_t>(1, (int64_t{1} << 14) / std::max<int64_t>(width, 1)); }
  int64_t wholeChunks() const { return (groups + perChunk() - 1) / perChunk(); }
  // With one for the rest.
  int64_t chunks() const { return wholeChunks() + (restRows() > 0 ? 1 : 0); }

  std::vector<float> repeat(const float* perChannel) const {
    std::vector<float> values(static_cast<size_t>(width));
    for (int64_t at = 0; at < width; ++at) values[at] = perChannel[at % channels];
    return values;
  }
};

// Writes past the caches where it may.
inline void put(float* to, Lanes lanes, bool streams) {
  if (streams) stream(to, lanes);
  else store(to, lanes);
}

// A chunk's rows: whole groups of each input, or padded copies of the rest.
template <int count>
struct Chunk {
  const float* inputs[count];
  float* output = nullptr;
  // Whether results are written past the caches, by `put`.
  bool streams = false;
  // Whole groups, and the rows in them that are real.
  int64_t groups = 0, rows = 0;
};

// Calls work(index, chunk) for every chunk, on all threads.
template <int count, typename Work>
void forEachChunk(const RowGroups& layout, const float* const (&inputs)[count], float* output, Work&& work) {
  constexpr int64_t LARGE = int64_t{4} << 20;
  const int64_t whole = layout.wholeChunks(), per = layout.perChunk();
  const bool streams = layout.restOffset() >= LARGE && reinterpret_cast<uintptr_t>(output) % sizeof(Lanes) == 0;
  parallel(layout.chunks(), [&](int64_t index) {
    Chunk<count> chunk;
    if (index < whole) {
      const int64_t first = index * per, offset = first * layout.width;
      chunk.groups = std::min(layout.groups - first, per);
      chunk.rows = chunk.groups * layout.perGroup;
      for (int input = 0; input < count; ++input) chunk.inputs[input] = inputs[input] + offset;
      chunk.output = output == nullptr ? nullptr : output + offset;
      chunk.streams = output != nullptr && streams;
      work(index, chunk);
      if (chunk.streams) finishStreaming();
      return;
    }
    std::vector<float> padded(static_cast<size_t>(layout.width * (count + 1)));
    for (int input = 0; input < count; ++input) {
      float* copy = padded.data() + input * layout.width;
      std::copy_n(inputs[input] + layout.restOffset(), layout.restFloats(), copy);
      chunk.inputs[input] = copy;
    }
    chunk.groups = 1;
    chunk.rows = layout.restRows();
    chunk.output = padded.data() + count * layout.width;
    work(index, chunk);
    if (output != nullptr) std::copy_n(chunk.output, layout.restFloats(), output + layout.restOffset());
  });
}

}  // namespace dna
