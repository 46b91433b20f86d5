// Device memory is host memory that only counts as the GPU's: what lies where is known, so that a copy in the
// wrong direction is refused.
#include <cuda_runtime_api.h>
#include <sys/mman.h>

#include <cstring>
#include <map>
#include <mutex>

#include "errors.h"
#include "record.h"
#include "settings.h"

namespace {

// Blocks of memory by where they begin.
class Blocks {
 public:
  void* take(size_t bytes) {
    // Pages come when they are first touched: no kernel touches any.
    void* place =
        mmap(nullptr, whole(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED) return nullptr;
    blocks_[static_cast<char*>(place)] = bytes;
    used_ += bytes;
    return place;
  }

  // Whether it was one.
  bool give(void* place) {
    const auto found = blocks_.find(static_cast<char*>(place));
    if (found == blocks_.end()) return false;
    munmap(place, whole(found->second));
    used_ -= found->second;
    blocks_.erase(found);
    return true;
  }

  bool holds(const void* place, size_t bytes) const {
    const char* first = static_cast<const char*>(place);
    auto after = blocks_.upper_bound(const_cast<char*>(first));
    if (after == blocks_.begin()) return false;
    --after;
    return first + bytes <= after->first + after->second;
  }

  size_t used() const { return used_; }

 private:
  static size_t whole(size_t bytes) { return (bytes + 4095) / 4096 * 4096 + (bytes == 0 ? 4096 : 0); }

  std::map<char*, size_t> blocks_;
  size_t used_ = 0;
};

struct Memory {
  std::mutex mutex;
  Blocks device, pinned;
};

// Never destroyed: libraries free until the very end.
Memory& memory() {
  static Memory* const only = new Memory;
  return *only;
}

using Guard = std::lock_guard<std::mutex>;

cudaError_t copy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  Memory& own = memory();
  {
    const Guard guard(own.mutex);
    const bool toDevice = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
    const bool fromDevice = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
    if (bytes > 0 && toDevice && !own.device.holds(to, bytes)) {
      return fake::refused(cudaErrorInvalidValue, "a copy goes to what is not the GPU's memory");
    }
    if (bytes > 0 && fromDevice && !own.device.holds(from, bytes)) {
      return fake::refused(cudaErrorInvalidValue, "a copy comes from what is not the GPU's memory");
    }
  }
  constexpr const char* DIRECTIONS[] = {"host to host", "host to device", "device to host", "device to device", "any"};
  fakeCudaBytes(DIRECTIONS[kind], bytes);
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}

cudaError_t set(void* to, int value, size_t bytes) {
  Memory& own = memory();
  {
    const Guard guard(own.mutex);
    if (bytes > 0 && !own.device.holds(to, bytes)) {
      return fake::refused(cudaErrorInvalidValue, "what is not the GPU's memory is set");
    }
  }
  // New memory is zeros, and nothing but copies writes.
  fakeCudaBytes("set", bytes);
  if (value != 0 || bytes < (1 << 20)) std::memset(to, value, bytes);
  return cudaSuccess;
}

}  // namespace

extern "C" {

cudaError_t cudaMalloc(void** place, size_t bytes) {
  fakeCudaCall("cudaMalloc");
  Memory& own = memory();
  const Guard guard(own.mutex);
  const bool fits = own.device.used() + bytes <= fake::settings().memoryBytes;
  *place = fits ? own.device.take(bytes) : nullptr;
  fakeCudaAllocated(own.device.used());
  return *place ? cudaSuccess : fake::failed(cudaErrorMemoryAllocation);
}
cudaError_t cudaMallocAsync(void** place, size_t bytes, cudaStream_t) { return cudaMalloc(place, bytes); }

cudaError_t cudaFree(void* place) {
  if (!place) return cudaSuccess;
  fakeCudaCall("cudaFree");
  Memory& own = memory();
  const Guard guard(own.mutex);
  if (!own.device.give(place)) return fake::refused(cudaErrorInvalidValue, "cudaFree of what cudaMalloc did not give");
  fakeCudaAllocated(own.device.used());
  return cudaSuccess;
}
cudaError_t cudaFreeAsync(void* place, cudaStream_t) { return cudaFree(place); }

cudaError_t cudaHostAlloc(void** place, size_t bytes, unsigned) {
  fakeCudaCall("cudaHostAlloc");
  Memory& own = memory();
  const Guard guard(own.mutex);
  *place = own.pinned.take(bytes);
  return *place ? cudaSuccess : fake::failed(cudaErrorMemoryAllocation);
}

cudaError_t cudaFreeHost(void* place) {
  if (!place) return cudaSuccess;
  fakeCudaCall("cudaFreeHost");
  Memory& own = memory();
  const Guard guard(own.mutex);
  return own.pinned.give(place)
             ? cudaSuccess
             : fake::refused(cudaErrorInvalidValue, "cudaFreeHost of what cudaHostAlloc did not give");
}

cudaError_t cudaHostRegister(void*, size_t, unsigned) { return cudaSuccess; }
cudaError_t cudaHostUnregister(void*) { return cudaSuccess; }

cudaError_t cudaMemGetInfo(size_t* available, size_t* whole) {
  Memory& own = memory();
  const Guard guard(own.mutex);
  *whole = fake::settings().memoryBytes;
  *available = *whole - own.device.used();
  return cudaSuccess;
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* place) {
  Memory& own = memory();
  const Guard guard(own.mutex);
  std::memset(attributes, 0, sizeof *attributes);
  attributes->type = cudaMemoryTypeUnregistered;
  if (own.device.holds(place, 1)) attributes->type = cudaMemoryTypeDevice;
  if (own.pinned.holds(place, 1)) attributes->type = cudaMemoryTypeHost;
  if (attributes->type == cudaMemoryTypeUnregistered) return cudaSuccess;
  attributes->devicePointer = const_cast<void*>(place);
  if (attributes->type == cudaMemoryTypeHost) attributes->hostPointer = const_cast<void*>(place);
  return cudaSuccess;
}

cudaError_t cudaMemcpy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  fakeCudaWait("cudaMemcpy");
  return copy(to, from, bytes, kind);
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind, cudaStream_t) {
  fakeCudaCall("cudaMemcpyAsync");
  return copy(to, from, bytes, kind);
}
cudaError_t cudaMemset(void* to, int value, size_t bytes) { return set(to, value, bytes); }
cudaError_t cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t) {
  fakeCudaCall("cudaMemsetAsync");
  return set(to, value, bytes);
}

// No kernel reads a variable.
cudaError_t cudaMemcpyToSymbol(const void*, const void*, size_t, size_t, cudaMemcpyKind) { return cudaSuccess; }
cudaError_t cudaGetSymbolAddress(void** place, const void* symbol) {
  *place = const_cast<void*>(symbol);
  return cudaSuccess;
}
}
