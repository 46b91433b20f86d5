// One launch over many tensors: a table of them goes along as the kernel's argument, a block takes a chunk of one.
//
// A rule is a functor: `(tensor, gradient, parameter, slots)` with decayed gradient, slots changed in place, gives the
// new parameter. Slots that the rule does not have are not touched.
#pragma once

#include <algorithm>

#include "columns.h"
#include "storage.cuh"

namespace dna::cuda {

// 4 KB are what every driver takes as arguments.
constexpr int TABLE_TENSORS = 40;
constexpr int OPTIMISER_THREADS = 256;
constexpr int CHUNK = OPTIMISER_THREADS * 16;

struct TensorTable {
  OptimiserTensor tensors[TABLE_TENSORS];
  // Blocks before each tensor's first.
  int32_t firstBlock[TABLE_TENSORS + 1];
  int32_t count;
};
static_assert(sizeof(TensorTable) + 64 <= 4096, "the table and a rule are one kernel's arguments");

template <typename Rule>
__device__ inline void stepElement(const OptimiserTensor& tensor, const Rule& rule, int64_t at) {
  float gradient[1], slots[2] = {0.0f, 0.0f};
  if (tensor.gradientStorage == Storage::Bfloat16) {
    load<1>(static_cast<const Bfloat16*>(tensor.gradient) + at, gradient);
  } else {
    load<1>(static_cast<const float*>(tensor.gradient) + at, gradient);
  }
  const float parameter = tensor.parameter[at];
  DNA_UNROLL
  for (int slot = 0; slot < Rule::SLOTS; ++slot) slots[slot] = tensor.slots[slot][at];
  const float decayed = gradient[0] + tensor.weightDecay * parameter;
  tensor.newParameter[at] = rule(tensor, decayed, parameter, slots);
  DNA_UNROLL
  for (int slot = 0; slot < Rule::SLOTS; ++slot) tensor.newSlots[slot][at] = slots[slot];
}

template <typename Rule>
__global__ void __launch_bounds__(OPTIMISER_THREADS) stepTensors(TensorTable table, Rule rule) {
  const int block = static_cast<int>(blockIdx.x);
  int own = 0;
  while (own + 1 < table.count && table.firstBlock[own + 1] <= block) ++own;
  const OptimiserTensor& tensor = table.tensors[own];
  const int64_t first = static_cast<int64_t>(block - table.firstBlock[own]) * CHUNK;
  const int64_t end = first + CHUNK < tensor.count ? first + CHUNK : tensor.count;
  DNA_UNROLL_BY(4)
  for (int64_t at = first + threadIdx.x; at < end; at += OPTIMISER_THREADS) stepElement(tensor, rule, at);
}

template <typename Rule>
void launchTable(const TensorTable& table, const Rule& rule, Stream stream, const char* name) {
  const int32_t blocks = table.firstBlock[table.count];
  if (blocks == 0) return;
  const auto step = &stepTensors<Rule>;
  DNA_LAUNCH(step, dim3(static_cast<unsigned>(blocks)), dim3(OPTIMISER_THREADS), 0, stream)(table, rule);
  checkLaunch(name);
}

template <typename Rule>
void launchTensors(const OptimiserTensor* tensors, size_t count, const Rule& rule, Stream stream, const char* name) {
  for (size_t first = 0; first < count; first += TABLE_TENSORS) {
    TensorTable table{};
    table.count = static_cast<int32_t>(std::min<size_t>(TABLE_TENSORS, count - first));
    for (int32_t each = 0; each < table.count; ++each) {
      table.tensors[each] = tensors[first + static_cast<size_t>(each)];
      const auto blocks = static_cast<int32_t>(divideUp(table.tensors[each].count, CHUNK));
      table.firstBlock[each + 1] = table.firstBlock[each] + blocks;
    }
    launchTable(table, rule, stream, name);
  }
}

}  // namespace dna::cuda
