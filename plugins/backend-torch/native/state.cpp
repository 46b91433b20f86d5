#include "state.h"

#include "errors.h"

namespace dna {

namespace {
thread_local State* currentState = nullptr;
}

State& state() { return *currentState; }

void setState(State* current) { currentState = current; }

int32_t TensorTable::add(at::Tensor tensor) {
  if (free_.empty()) {
    tensors_.push_back(std::move(tensor));
    return static_cast<int32_t>(tensors_.size() - 1);
  }
  const int32_t handle = free_.back();
  free_.pop_back();
  tensors_[handle] = std::move(tensor);
  return handle;
}

const at::Tensor& TensorTable::at(int32_t handle) const {
  const bool known = handle >= 0 && static_cast<size_t>(handle) < tensors_.size();
  if (!known || !tensors_[handle].defined()) {
    throw UsageError("There is no tensor " + std::to_string(handle) + ": it was disposed of, or never made here.");
  }
  return tensors_[handle];
}

void TensorTable::release(int32_t handle) {
  at(handle);
  tensors_[handle] = at::Tensor();
  free_.push_back(handle);
}

}  // namespace dna
