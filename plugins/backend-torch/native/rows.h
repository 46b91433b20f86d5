// A tensor seen as rows of channels (its last axis), walked in full vectors and in chunks of fixed size.
#pragma once

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "storage.h"

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

  explicit RowGroups(const at::Tensor& x)
      : RowGroups(x.dim() == 0 || x.size(-1) == 0 ? 0 : x.numel() / x.size(-1), x.dim() == 0 ? 1 : x.size(-1)) {}

  int64_t restRows() const { return rows - groups * perGroup; }
  // Floats before the rest.
  int64_t restOffset() const { return groups * width; }
  int64_t restFloats() const { return restRows() * channels; }
};

// Values of a channel, one for each float of a group.
std::vector<float> repeated(const at::Tensor& perChannel, const RowGroups& layout);

// Groups a chunk: about 128 KB of floats, so that a second pass over a chunk finds it in the cache. Chunks do not depend
// on the number of threads, and sums are added chunk by chunk: the same bits on any number of threads.
int64_t groupsPerChunk(const RowGroups& layout);

// Calls work(chunk, firstGroup, endGroup) for every chunk, on all threads.
template <typename Work>
void forEachChunk(const RowGroups& layout, Work&& work) {
  const int64_t size = groupsPerChunk(layout);
  const int64_t chunks = (layout.groups + size - 1) / size;
  at::parallel_for(0, chunks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t chunk = begin; chunk < end; ++chunk) {
      work(chunk, chunk * size, std::min(layout.groups, (chunk + 1) * size));
    }
  });
}

// Calls work(inputs, output) on the rows that fill no group: copies padded with zeros, and only real floats go back.
template <size_t count, typename Storage, typename Work>
void onRest(const RowGroups& layout, const std::array<const Storage*, count>& inputs, Storage* output, Work&& work) {
  const int64_t floats = layout.restFloats();
  if (floats == 0) return;
  std::array<std::vector<Storage>, count> padded;
  std::array<const Storage*, count> pointers;
  for (size_t input = 0; input < count; ++input) {
    padded[input].assign(static_cast<size_t>(layout.width), Storage(0.0f));
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
void mapWholeGroups(const RowGroups& layout, const std::array<const Storage*, count>& inputs, Storage* output, Work& work,
                    Put put) {
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

inline int64_t chunkCount(const RowGroups& layout) {
  const int64_t size = groupsPerChunk(layout);
  return (layout.groups + size - 1) / size;
}

}  // namespace dna
