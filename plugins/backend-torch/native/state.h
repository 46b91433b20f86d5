// What one JavaScript environment (the main thread or a worker thread) has of its own.
#pragma once

#include <cstdint>
#include <vector>

#include "torch.h"

namespace dna {

// How activations are stored between ops.
enum class Precision : int32_t { Float32 = 0, Tf32 = 1, Bfloat16 = 2 };

// Tensors by the small integers that JavaScript holds. A released number is used again.
class TensorTable {
 public:
  int32_t add(at::Tensor tensor);
  // Throws where nothing is kept under this number.
  const at::Tensor& at(int32_t handle) const;
  void release(int32_t handle);
  size_t size() const { return tensors_.size() - free_.size(); }

 private:
  std::vector<at::Tensor> tensors_;
  std::vector<int32_t> free_;
};

// Where an op's results are told to JavaScript: count, then per tensor its handle, type, rank and extents.
struct ResultBuffer {
  int32_t* data = nullptr;
  size_t length = 0;
};

struct State {
  TensorTable tensors;
  ResultBuffer results;
  at::Device device = at::kCPU;
  Precision precision = Precision::Float32;
  bool deterministic = false;
};

// The state of the environment that is calling; ops read device and precision here.
State& state();
// Makes a state the current one of this thread; the addon does it at every call.
void setState(State* current);

}  // namespace dna
