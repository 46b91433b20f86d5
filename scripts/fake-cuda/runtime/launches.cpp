// Kernels, as nvcc's code registers and launches them: none runs, and what a GPU would refuse is refused.
#include <cuda_runtime.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "errors.h"
#include "fat-binary.h"
#include "record.h"
#include "settings.h"

namespace {

using fake::settings;

struct Module {
  bool runs;
};

struct Kernel {
  std::string name;
  const Module* module;
  // As far as it asked for more than all get.
  size_t sharedBytes = fake::SHARED_WITHOUT_ASKING;
};

struct Kernels {
  std::mutex mutex;
  std::map<const void*, Kernel> all;
};

// Never destroyed: modules are registered before and unregistered after everything else.
Kernels& kernels() {
  static Kernels* const only = new Kernels;
  return *only;
}

struct Configuration {
  dim3 grid, block;
  size_t sharedBytes;
  cudaStream_t stream;
};
thread_local std::vector<Configuration> configurations;

std::string text(dim3 extent) {
  return std::to_string(extent.x) + " x " + std::to_string(extent.y) + " x " + std::to_string(extent.z);
}

bool isPossible(dim3 grid, dim3 block) {
  const size_t threads = size_t{block.x} * block.y * block.z;
  const bool extents = threads > 0 && threads <= 1024 && block.z <= 64;
  return extents && grid.x > 0 && grid.x <= 0x7fffffff && grid.y > 0 && grid.y <= 65535 && grid.z > 0 &&
         grid.z <= 65535;
}

cudaError_t launch(const void* function, dim3 grid, dim3 block, size_t sharedBytes) {
  Kernels& own = kernels();
  const std::lock_guard<std::mutex> guard(own.mutex);
  const auto found = own.all.find(function);
  if (found == own.all.end()) return fake::refused(cudaErrorInvalidDeviceFunction, "a kernel that was not registered");
  const Kernel& kernel = found->second;
  fakeCudaLaunch(kernel.name.c_str());
  if (!kernel.module->runs) {
    return fake::refused(cudaErrorNoKernelImageForDevice, "not compiled for this GPU: " + kernel.name);
  }
  if (!isPossible(grid, block)) {
    return fake::refused(cudaErrorInvalidConfiguration,
                         "a grid of " + text(grid) + " blocks of " + text(block) + " threads: " + kernel.name);
  }
  if (sharedBytes > kernel.sharedBytes) {
    return fake::refused(cudaErrorInvalidValue, std::to_string(sharedBytes) +
                                                    " bytes of shared memory, and it asked for " +
                                                    std::to_string(kernel.sharedBytes) + ": " + kernel.name);
  }
  return cudaSuccess;
}

bool hasCode(const void* fatBinary) {
  for (const fake::Code& code : fake::codesOf(fatBinary)) {
    if (fake::runsOn(code, settings().major, settings().minor)) return true;
  }
  return false;
}

}  // namespace

extern "C" {

void** __cudaRegisterFatBinary(void* fatBinary) { return reinterpret_cast<void**>(new Module{hasCode(fatBinary)}); }
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
char __cudaInitModule(void**) { return 1; }
void __cudaRegisterVar(void**, char*, char*, const char*, int, size_t, int, int) {}

void __cudaRegisterFunction(void** module, const char* host, char*, const char* name, int, uint3*, uint3*, dim3*, dim3*,
                            int*) {
  Kernels& own = kernels();
  const std::lock_guard<std::mutex> guard(own.mutex);
  own.all[host] = {name, reinterpret_cast<const Module*>(module)};
  // libtorch's own are tens of thousands.
  if (std::string(name).find("3dna4cuda") != std::string::npos) fakeCudaKernel(name);
}

unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, size_t sharedBytes, CUstream_st* stream) {
  configurations.push_back({grid, block, sharedBytes, stream});
  return 0;
}

cudaError_t __cudaPopCallConfiguration(dim3* grid, dim3* block, size_t* sharedBytes, void* stream) {
  if (configurations.empty()) return fake::refused(cudaErrorInvalidValue, "a launch without its configuration");
  const Configuration last = configurations.back();
  configurations.pop_back();
  *grid = last.grid;
  *block = last.block;
  *sharedBytes = last.sharedBytes;
  *static_cast<cudaStream_t*>(stream) = last.stream;
  return cudaSuccess;
}

cudaError_t __cudaGetKernel(cudaKernel_t* kernel, const void* function) {
  *kernel = static_cast<cudaKernel_t>(const_cast<void*>(function));
  return cudaSuccess;
}

cudaError_t cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void**, size_t sharedBytes, cudaStream_t) {
  return launch(function, grid, block, sharedBytes);
}

cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void**, size_t sharedBytes, cudaStream_t) {
  return launch(kernel, grid, block, sharedBytes);
}

cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* launched, const void* function, void**) {
  return launch(function, launched->gridDim, launched->blockDim, launched->dynamicSmemBytes);
}

cudaError_t cudaFuncSetAttribute(const void* function, cudaFuncAttribute attribute, int value) {
  if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaSuccess;
  Kernels& own = kernels();
  const std::lock_guard<std::mutex> guard(own.mutex);
  const auto found = own.all.find(function);
  if (found == own.all.end()) return fake::refused(cudaErrorInvalidDeviceFunction, "a kernel that was not registered");
  const auto bytes = static_cast<size_t>(value);
  if (bytes > settings().sharedBytes) {
    return fake::refused(cudaErrorInvalidValue, "asked for " + std::to_string(bytes) +
                                                    " bytes of shared memory where a " + "block has " +
                                                    std::to_string(settings().sharedBytes) + ": " + found->second.name);
  }
  found->second.sharedBytes = bytes;
  return cudaSuccess;
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void*) {
  *attributes = {};
  attributes->maxThreadsPerBlock = 1024;
  attributes->numRegs = 32;
  attributes->binaryVersion = attributes->ptxVersion = settings().major * 10 + settings().minor;
  return cudaSuccess;
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, const void*, int, size_t, unsigned) {
  *blocks = 4;
  return cudaSuccess;
}
}
