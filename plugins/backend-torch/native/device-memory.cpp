#include "device-memory.h"

#ifdef DNA_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <cuda_runtime_api.h>
#endif

#include <algorithm>
#include <mutex>

namespace dna {

#ifdef DNA_CUDA

namespace {

namespace allocator = c10::cuda::CUDACachingAllocator;

// The error itself carries only a text.
struct Refusal {
  c10::DeviceIndex device = 0;
  size_t wanted = 0;
};
thread_local Refusal lastRefusal;

// Kept beside, as the allocator has it as a fraction of the whole.
std::mutex limitsMutex;
size_t limits[C10_COMPILE_TIME_MAX_GPUS] = {};

size_t wholeMemory(c10::DeviceIndex device) {
  const c10::cuda::CUDAGuard guard(device);
  size_t available = 0, whole = 0;
  C10_CUDA_CHECK(cudaMemGetInfo(&available, &whole));
  return whole;
}

size_t limitOf(c10::DeviceIndex device) {
  const std::lock_guard<std::mutex> guard(limitsMutex);
  return limits[device];
}

void watchRefusals() {
  static std::once_flag once;
  std::call_once(once, [] {
    allocator::attachOutOfMemoryObserver([](int64_t device, size_t wanted, size_t, size_t) {
      lastRefusal = {static_cast<c10::DeviceIndex>(device), wanted};
    });
  });
}

size_t sumOf(const c10::CachingAllocator::StatArray& statistic, int64_t c10::CachingAllocator::Stat::* which) {
  constexpr auto ALL = static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  return static_cast<size_t>(statistic[ALL].*which);
}

}  // namespace

DeviceMemory deviceMemory(at::Device device) {
  if (!device.is_cuda()) return {};
  const auto statistics = allocator::getDeviceStats(device.index());
  const size_t used = sumOf(statistics.allocated_bytes, &c10::CachingAllocator::Stat::current);
  const size_t peak = sumOf(statistics.allocated_bytes, &c10::CachingAllocator::Stat::peak);
  const size_t reserved = sumOf(statistics.reserved_bytes, &c10::CachingAllocator::Stat::current);
  const size_t limit = limitOf(device.index());
  return {used, peak, reserved - used, limit == 0 ? wholeMemory(device.index()) : limit};
}

void setDeviceMemoryLimit(at::Device device, size_t bytes) {
  if (!device.is_cuda()) return;
  watchRefusals();
  const size_t whole = wholeMemory(device.index());
  const size_t limit = bytes == 0 ? whole : std::min(bytes, whole);
  allocator::setMemoryFraction(static_cast<double>(limit) / static_cast<double>(whole), device.index());
  const std::lock_guard<std::mutex> guard(limitsMutex);
  limits[device.index()] = limit;
}

void trimDeviceMemory(at::Device device) {
  if (!device.is_cuda()) return;
  allocator::emptyCache();
  allocator::resetPeakStats(device.index());
}

OutOfMemory refusedAllocation() {
  const DeviceMemory memory = deviceMemory(at::Device(at::kCUDA, lastRefusal.device));
  return {lastRefusal.wanted, memory.used, memory.limit};
}

#else

DeviceMemory deviceMemory(at::Device) { return {}; }
void setDeviceMemoryLimit(at::Device, size_t) {}
void trimDeviceMemory(at::Device) {}
OutOfMemory refusedAllocation() { return {0, 0, 0}; }

#endif

}  // namespace dna
