#include "device-settings.h"

#ifdef DNA_CUDA
#include <c10/cuda/CUDAGuard.h>
#include <cuda_runtime_api.h>
#endif

#include <cstdlib>

#include "device-memory.h"

namespace dna {

namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw DeviceError("device " + name + " cannot be used: " + why + ".");
}

at::Device parse(const std::string& name) {
  try {
    const at::Device device(name);
    if (device.is_cpu() || device.is_cuda()) return device;
  } catch (const c10::Error&) {
    // Told below, without libtorch's list of devices that we do not have.
  }
  refuse(name, "expected cpu, cuda or cuda:<number>");
}

void applySettings(const DeviceSettings& settings) {
  at::Context& context = at::globalContext();
  // An op without such a form is an error, not a warning.
  context.setDeterministicAlgorithms(settings.deterministic, /*warn_only=*/false);
  // Which would also fill all new memory with NaN.
  context.setDeterministicFillUninitializedMemory(false);
  context.setDeterministicCuDNN(settings.deterministic);
  context.setBenchmarkCuDNN(!settings.deterministic);
  // cuDNN's convolutions take TF32 unless told not to.
  context.setAllowTF32CuDNN(settings.allowTf32);
  context.setAllowTF32CuBLAS(settings.allowTf32);
  // A filter's gradient adds up millions of rows: what cuBLAS splits is added in float32, not in bf16.
  context.setAllowBF16ReductionCuBLAS(false);
}

#ifdef DNA_CUDA

// Asked of the driver directly: libtorch prints a warning where there is none.
int countGpus(const std::string& name) {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess) refuse(name, cudaGetErrorString(status));
  return count;
}

at::Device openGpu(const std::string& name, at::Device device, const DeviceSettings& settings) {
  const int count = countGpus(name);
  if (device.index() >= count) refuse(name, "there are " + std::to_string(count) + " GPUs");
  // cuBLAS reads it when it is first used; without a fixed workspace its sums may differ from run to run.
  if (settings.deterministic) setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
  at::globalContext().lazyInitDevice(at::kCUDA);
  const at::Device chosen(at::kCUDA, device.has_index() ? device.index() : c10::DeviceIndex{0});
  c10::cuda::set_device(chosen.index());
  setDeviceMemoryLimit(chosen, settings.memoryLimit);
  return chosen;
}

#else

at::Device openGpu(const std::string& name, at::Device, const DeviceSettings&) {
  refuse(name, "this installation of the backend has no CUDA part");
}

#endif

}  // namespace

at::Device openDevice(const std::string& name, const DeviceSettings& settings) {
  const at::Device device = parse(name);
  applySettings(settings);
  return device.is_cpu() ? device : openGpu(name, device, settings);
}

#ifdef DNA_CUDA

GpuSurvey surveyGpus() {
  GpuSurvey survey{};
  cudaDriverGetVersion(&survey.driver);
  cudaRuntimeGetVersion(&survey.runtime);
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess) survey.error = cudaGetErrorString(status);
  cudaGetLastError();  // libtorch must not find it
  for (int gpu = 0; status == cudaSuccess && gpu < count; ++gpu) {
    int major = 0, minor = 0;
    cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, gpu);
    cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, gpu);
    survey.capabilities.push_back(major * 10 + minor);
  }
  return survey;
}

#else

GpuSurvey surveyGpus() { return {}; }

#endif

bool hasCudaKernels() {
#ifdef DNA_CUDA_KERNELS
  return true;
#else
  return false;
#endif
}

std::string deviceName([[maybe_unused]] at::Device device) {
#ifdef DNA_CUDA
  if (device.is_cuda()) {
    cudaDeviceProp gpu{};
    if (cudaGetDeviceProperties(&gpu, device.index()) != cudaSuccess) return "";
    return std::string(gpu.name) + ", " + std::to_string(gpu.major) + "." + std::to_string(gpu.minor);
  }
#endif
  return "";
}

}  // namespace dna
