// Kernels over [segments, rows, channels]: sums of each segment's rows a channel, and maps with per-channel constants.
//
// What is summed or mapped is a functor, copied into each thread: `begin(segment, channel)` loads what belongs to its
// channels; then a sum calls `add(offset, sums)` with the offset of one row's part after the other, and a map `read`
// and `write`, two rows at a time, as loads cannot pass stores by themselves.
#pragma once

#include "columns.h"
#include "storage.cuh"

namespace dna::cuda {

struct Place {
  int64_t segment;
  int slab;
  int64_t channel;
  // Of the block's rows.
  int row;
  bool active;

  __device__ Place(const Columns& columns, int width) {
    segment = blockIdx.x / columns.slabs;
    slab = static_cast<int>(blockIdx.x % columns.slabs);
    channel = (static_cast<int64_t>(blockIdx.y) * columns.lanes + threadIdx.x % columns.lanes) * width;
    row = static_cast<int>(threadIdx.x / columns.lanes);
    active = row < columns.rowsPerBlock && channel < columns.channels;
  }
};

// Adds what the block's rows of threads have and writes it to partials [segment, slab, sum, channel].
template <int SUMS, int WIDTH>
__device__ inline void writePartials(const Columns& columns, const Place& place, const float (&sums)[SUMS][WIDTH],
                                     float* partials) {
  const int across = columns.lanes * WIDTH;
  float* shared = sharedMemory<float>();
  if (place.row < columns.rowsPerBlock) {
    DNA_UNROLL
    for (int sum = 0; sum < SUMS; ++sum) {
      DNA_UNROLL
      for (int each = 0; each < WIDTH; ++each) {
        const int column = static_cast<int>(threadIdx.x % columns.lanes) * WIDTH + each;
        shared[(sum * columns.rowsPerBlock + place.row) * across + column] = sums[sum][each];
      }
    }
  }
  __syncthreads();
  for (int at = static_cast<int>(threadIdx.x); at < SUMS * across; at += COLUMN_THREADS) {
    const int sum = at / across, column = at % across;
    const int64_t channel = static_cast<int64_t>(blockIdx.y) * across + column;
    if (channel >= columns.channels) continue;
    float total = 0.0f;
    for (int row = 0; row < columns.rowsPerBlock; ++row) {
      total += shared[(sum * columns.rowsPerBlock + row) * across + column];
    }
    partials[((place.segment * columns.slabs + place.slab) * SUMS + sum) * columns.channels + channel] = total;
  }
}

template <typename Reader>
__global__ void __launch_bounds__(COLUMN_THREADS) sumColumns(Columns columns, Reader reader, float* partials) {
  const Place place(columns, Reader::WIDTH);
  float sums[Reader::SUMS][Reader::WIDTH] = {};
  if (place.active) {
    reader.begin(place.segment, place.channel);
    const int64_t step = static_cast<int64_t>(columns.slabs) * columns.rowsPerBlock;
    int64_t row = static_cast<int64_t>(place.slab) * columns.rowsPerBlock + place.row;
    DNA_UNROLL_BY(4)
    for (; row < columns.rows; row += step) {
      reader.add((place.segment * columns.rows + row) * columns.channels + place.channel, sums);
    }
  }
  writePartials(columns, place, sums, partials);
}

// A block sums the partials of 32 channels of one segment: `blockDim.y` threads a channel, then their sums in order.
template <typename Finish>
__global__ void __launch_bounds__(1024) finishColumns(Columns columns, const float* partials, Finish finish) {
  constexpr int SUMS = Finish::SUMS;
  const int64_t groups = (columns.channels + 31) / 32;
  const int64_t segment = blockIdx.x / groups;
  const int64_t channel = blockIdx.x % groups * 32 + threadIdx.x;
  const int depth = static_cast<int>(blockDim.y), own = static_cast<int>(threadIdx.y);
  float* shared = sharedMemory<float>();
  float sums[SUMS] = {};
  if (channel < columns.channels) {
    DNA_UNROLL_BY(4)
    for (int slab = own; slab < columns.slabs; slab += depth) {
      DNA_UNROLL
      for (int sum = 0; sum < SUMS; ++sum) {
        sums[sum] += partials[((segment * columns.slabs + slab) * SUMS + sum) * columns.channels + channel];
      }
    }
  }
  DNA_UNROLL
  for (int sum = 0; sum < SUMS; ++sum) shared[(sum * depth + own) * 32 + threadIdx.x] = sums[sum];
  __syncthreads();
  if (own != 0 || channel >= columns.channels) return;
  DNA_UNROLL
  for (int sum = 0; sum < SUMS; ++sum) {
    sums[sum] = 0.0f;
    for (int each = 0; each < depth; ++each) sums[sum] += shared[(sum * depth + each) * 32 + threadIdx.x];
  }
  finish(segment, channel, sums);
}

// From the last row to the first: a sum over the same tensor went before, and left its end in the L2 cache.
template <typename Mapper>
__global__ void __launch_bounds__(COLUMN_THREADS) mapColumns(Columns columns, Mapper mapper) {
  const Place place(columns, Mapper::WIDTH);
  if (!place.active) return;
  mapper.begin(place.segment, place.channel);
  const int64_t step = static_cast<int64_t>(columns.slabs) * columns.rowsPerBlock;
  const int64_t first = static_cast<int64_t>(place.slab) * columns.rowsPerBlock + place.row;
  if (first >= columns.rows) return;
  int64_t row = first + (columns.rows - 1 - first) / step * step;
  for (; row >= step; row -= 2 * step) {
    const int64_t offset = (place.segment * columns.rows + row) * columns.channels + place.channel;
    const int64_t next = offset - step * columns.channels;
    const typename Mapper::Row one = mapper.read(offset), two = mapper.read(next);
    mapper.write(offset, one);
    mapper.write(next, two);
  }
  if (row < 0) return;
  const int64_t offset = (place.segment * columns.rows + row) * columns.channels + place.channel;
  mapper.write(offset, mapper.read(offset));
}

inline dim3 columnGrid(const Columns& columns) {
  return dim3(static_cast<unsigned>(columns.segments * columns.slabs), static_cast<unsigned>(columns.groups));
}

// Adds the partials of each segment's slabs, in order.
template <typename Finish>
void finishSums(const Columns& columns, const Finish& finish, const float* partials, Stream stream, const char* name) {
  const int depth = std::min(columns.slabs, 32);
  const dim3 grid(static_cast<unsigned>(columns.segments * divideUp(columns.channels, 32)));
  const auto add = &finishColumns<Finish>;
  const size_t shared = static_cast<size_t>(Finish::SUMS * depth * 32) * sizeof(float);
  DNA_LAUNCH(add, grid, dim3(32, static_cast<unsigned>(depth)), shared, stream)(columns, partials, finish);
  checkLaunch(name);
}

// scratch: columns.partials(SUMS) floats.
template <typename Reader, typename Finish>
void launchSums(const Columns& columns, const Reader& reader, const Finish& finish, float* scratch, Stream stream,
                const char* name) {
  static_assert(Reader::SUMS == Finish::SUMS, "what is read must be finished");
  if (columns.segments == 0 || columns.channels == 0) return;
  const size_t across = static_cast<size_t>(columns.lanes) * Reader::WIDTH;
  const size_t shared = Reader::SUMS * across * static_cast<size_t>(columns.rowsPerBlock) * sizeof(float);
  const auto sum = &sumColumns<Reader>;
  DNA_LAUNCH(sum, columnGrid(columns), dim3(COLUMN_THREADS), shared, stream)(columns, reader, scratch);
  checkLaunch(name);
  finishSums(columns, finish, scratch, stream, name);
}

template <typename Mapper>
void launchMap(const Columns& columns, const Mapper& mapper, Stream stream, const char* name) {
  if (columns.segments * columns.rows * columns.channels == 0) return;
  const auto map = &mapColumns<Mapper>;
  DNA_LAUNCH(map, columnGrid(columns), dim3(COLUMN_THREADS), 0, stream)(columns, mapper);
  checkLaunch(name);
}

}  // namespace dna::cuda
