// Rows of channels, walked in full vectors and in chunks of fixed size; stored as float32 or as bf16.
#pragma once

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "bfloat16.h"
#include "parallel.h"

namespace dna {

// Some rows together are a whole number of vectors; per-channel values are repeated to that width, so that no loop has
// to mask. What is left of the rows goes through a padded copy of a group.
struct RowGroups {
  int64_t rows;
  int64_t channels;
  // Rows a group, floats a group, whole groups.
  int64_t perGroup;
  int64_t width;
  int64_t groups;

  RowGroups(int64_t rowCount, int64_t channelCount)
      : rows(rowCount),
        channels(channelCount),
        perGroup(channelCount == 0 ? 1 : LANES / std::gcd(LANES, channelCount)),
        width(perGroup * channelCount),
        groups(rowCount / perGroup) {}

  int64_t restRows() const { return rows - groups * perGroup; }
  // Floats before the rest.
  int64_t restOffset() const { return groups * width; }
  int64_t restFloats() const { return restRows() * channels; }
};

// Values of a channel, one for each float of a group.
inline std::vector<float> repeated(const float* perChannel, const RowGroups& layout) {
  std::vector<float> all;
  all.reserve(static_cast<size_t>(layout.width));
  for (int64_t row = 0; row < layout.perGroup; ++row) all.insert(all.end(), perChannel, perChannel + layout.channels);
  return all;
}

// Groups a chunk: about 128 KB of floats, so that a second pass over a chunk finds it in the cache. Chunks do not depend
// on the number of threads, and sums are added chunk by chunk: the same bits on any number of threads.
inline int64_t groupsPerChunk(const RowGroups& layout) {
  constexpr int64_t CHUNK_FLOATS = 32 * 1024;
  return layout.width == 0 ? 1 : std::max<int64_t>(1, CHUNK_FLOATS / layout.width);
}

inline int64_t chunkCount(const RowGroups& layout) {
  const int64_t size = groupsPerChunk(layout);
  return (layout.groups + size - 1) / size;
}

// Calls work(chunk, firstGroup, endGroup) for every chunk, on all threads.
template <typename Work>
void forEachChunk(const RowGroups& layout, Work&& work) {
  const int64_t size = groupsPerChunk(layout), chunks = chunkCount(layout);
  if (chunks == 0) return;
  parallel(chunks, [&](int64_t chunk) { work(chunk, chunk * size, std::min(layout.groups, (chunk + 1) * size)); });
}

// Calls work(inputs, output) on the rows that fill no group: copies padded with zeros, and only real floats go back.
template <size_t count, typename Storage, typename Work>
void onRest(const RowGroups& layout, const std::array<const Storage*, count>& inputs, Storage* output, Work&& work) {
  const int64_t floats = layout.restFloats();
  if (floats == 0) return;
  std::array<std::vector<Storage>, count> padded;
  std::array<const Storage*, count> pointers;
  for (size_t input = 0; input < count; ++input) {
    padded[input].assign(static_cast<size_t>(layout.width), Storage{});
    std::copy_n(inputs[input] + layout.restOffset(), floats, padded[input].begin());
    pointers[input] = padded[input].data();
  }
  std::vector<Storage> result(static_cast<size_t>(layout.width));
  work(pointers, result.data());
  if (output) std::copy_n(result.begin(), floats, output + layout.restOffset());
}

// How a map writes its results.
struct PlainStore {
  template <typename Storage>
  void operator()(Storage* to, Lanes lanes) const {
    store(to, lanes);
  }
};
struct StreamingStore {
  template <typename Storage>
  void operator()(Storage* to, Lanes lanes) const {
    stream(to, lanes);
  }
};

template <size_t count, typename Storage, typename Work, typename Put>
void mapWholeGroups(const RowGroups& layout, const std::array<const Storage*, count>& inputs, Storage* output,
                    Work& work, Put put) {
  forEachChunk(layout, [&](int64_t, int64_t first, int64_t end) {
    std::array<const Storage*, count> pointers = inputs;
    for (const Storage*& pointer : pointers) pointer += first * layout.width;
    work(pointers, output + first * layout.width, end - first, put);
    finishStreaming();
  });
}

// Calls work(inputs, output, groups, put) for some groups of rows at a time, the last one padded: for maps whose rows do
// not depend on each other. They write by `put`.
template <size_t count, typename Storage, typename Work>
void mapGroups(const RowGroups& layout, const std::array<const Storage*, count>& inputs, Storage* output, Work&& work) {
  constexpr size_t LARGE = size_t{16} << 20;
  const size_t bytes = static_cast<size_t>(layout.restOffset()) * sizeof(Storage);
  if (bytes >= LARGE && reinterpret_cast<uintptr_t>(output) % sizeof(Lanes) == 0) {
    mapWholeGroups(layout, inputs, output, work, StreamingStore{});
  } else {
    mapWholeGroups(layout, inputs, output, work, PlainStore{});
  }
  onRest(layout, inputs, output, [&](const auto& rest, Storage* to) { work(rest, to, 1, PlainStore{}); });
}

}  // namespace dna
