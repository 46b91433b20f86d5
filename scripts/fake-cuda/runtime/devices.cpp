// Which GPUs there are and what they say of themselves.
#include <cuda_runtime_api.h>

#include <cstdio>
#include <cstring>
#include <map>

#include "errors.h"
#include "record.h"
#include "settings.h"

namespace {

using fake::settings;

// Of an H100; libtorch makes its grids by them.
constexpr int PROCESSORS = 132;
constexpr int THREADS_PER_BLOCK = 1024;
constexpr int WARP = 32;
constexpr int REGISTERS = 65536;

thread_local int currentDevice = 0;

bool isDevice(int device) { return device >= 0 && device < settings().gpus; }

std::map<cudaDeviceAttr, int> attributes() {
  const fake::Settings& own = settings();
  return {
      {cudaDevAttrComputeCapabilityMajor, own.major},
      {cudaDevAttrComputeCapabilityMinor, own.minor},
      {cudaDevAttrMultiProcessorCount, PROCESSORS},
      {cudaDevAttrMaxSharedMemoryPerBlock, static_cast<int>(fake::SHARED_WITHOUT_ASKING)},
      {cudaDevAttrMaxSharedMemoryPerBlockOptin, static_cast<int>(own.sharedBytes)},
      {cudaDevAttrMaxThreadsPerBlock, THREADS_PER_BLOCK},
      {cudaDevAttrMaxThreadsPerMultiProcessor, own.threadsPerProcessor},
      {cudaDevAttrWarpSize, WARP},
      {cudaDevAttrMaxGridDimX, 0x7fffffff},
      {cudaDevAttrMaxGridDimY, 65535},
      {cudaDevAttrMaxGridDimZ, 65535},
      {cudaDevAttrUnifiedAddressing, 1},
  };
}

}  // namespace

extern "C" {

cudaError_t cudaGetDeviceCount(int* count) {
  *count = 0;
  if (!fake::driverSuffices()) return fake::failed(cudaErrorInsufficientDriver);
  *count = settings().gpus;
  return *count > 0 ? cudaSuccess : fake::failed(cudaErrorNoDevice);
}

cudaError_t cudaGetDevice(int* device) {
  *device = currentDevice;
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  if (!isDevice(device)) return fake::failed(cudaErrorInvalidDevice);
  currentDevice = device;
  fakeCudaDevice(device);
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* gpu, int device) {
  if (!isDevice(device)) return fake::failed(cudaErrorInvalidDevice);
  const fake::Settings& own = settings();
  std::memset(gpu, 0, sizeof *gpu);
  std::snprintf(gpu->name, sizeof gpu->name, "NVIDIA Fake %d.%d", own.major, own.minor);
  gpu->major = own.major;
  gpu->minor = own.minor;
  gpu->totalGlobalMem = own.memoryBytes;
  gpu->sharedMemPerBlock = fake::SHARED_WITHOUT_ASKING;
  gpu->sharedMemPerBlockOptin = own.sharedBytes;
  gpu->sharedMemPerMultiprocessor = own.sharedBytes + 1024;
  gpu->regsPerBlock = gpu->regsPerMultiprocessor = REGISTERS;
  gpu->warpSize = WARP;
  gpu->multiProcessorCount = PROCESSORS;
  gpu->maxThreadsPerBlock = THREADS_PER_BLOCK;
  gpu->maxThreadsPerMultiProcessor = own.threadsPerProcessor;
  gpu->maxBlocksPerMultiProcessor = 32;
  gpu->maxThreadsDim[0] = gpu->maxThreadsDim[1] = THREADS_PER_BLOCK;
  gpu->maxThreadsDim[2] = 64;
  gpu->maxGridSize[0] = 0x7fffffff;
  gpu->maxGridSize[1] = gpu->maxGridSize[2] = 65535;
  gpu->l2CacheSize = 50 << 20;
  gpu->textureAlignment = 512;
  gpu->unifiedAddressing = gpu->concurrentKernels = 1;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  if (!isDevice(device)) return fake::failed(cudaErrorInvalidDevice);
  static const std::map<cudaDeviceAttr, int> all = attributes();
  const auto found = all.find(attribute);
  *value = found == all.end() ? 0 : found->second;
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) {
  *version = settings().driver;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = fake::RUNTIME_VERSION;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* greatest) {
  if (least) *least = 0;
  if (greatest) *greatest = -5;
  return cudaSuccess;
}

cudaError_t cudaDeviceCanAccessPeer(int* can, int, int) {
  *can = 0;
  return cudaSuccess;
}

cudaError_t cudaDeviceGetPCIBusId(char* text, int length, int device) {
  std::snprintf(text, static_cast<size_t>(length), "0000:%02x:00.0", device);
  return cudaSuccess;
}

cudaError_t cudaDeviceSynchronize() {
  fakeCudaWait("cudaDeviceSynchronize");
  return cudaSuccess;
}

// libtorch does without those driver functions that are not found.
cudaError_t cudaGetDriverEntryPointByVersion(const char*, void** function, unsigned, unsigned long long,
                                             cudaDriverEntryPointQueryResult* result) {
  *function = nullptr;
  if (result) *result = cudaDriverEntryPointSymbolNotFound;
  return cudaSuccess;
}
}
