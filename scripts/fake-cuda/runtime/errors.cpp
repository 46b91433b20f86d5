#include "errors.h"

#include "record.h"

namespace fake {

namespace {

thread_local cudaError_t lastError = cudaSuccess;

struct Named {
  cudaError_t error;
  const char* name;
  const char* text;
};

// The texts of the real runtime.
constexpr Named NAMED[] = {
    {cudaSuccess, "cudaSuccess", "no error"},
    {cudaErrorInvalidValue, "cudaErrorInvalidValue", "invalid argument"},
    {cudaErrorMemoryAllocation, "cudaErrorMemoryAllocation", "out of memory"},
    {cudaErrorInsufficientDriver, "cudaErrorInsufficientDriver",
     "CUDA driver version is insufficient for CUDA runtime version"},
    {cudaErrorInvalidConfiguration, "cudaErrorInvalidConfiguration", "invalid configuration argument"},
    {cudaErrorInvalidDeviceFunction, "cudaErrorInvalidDeviceFunction", "invalid device function"},
    {cudaErrorNoDevice, "cudaErrorNoDevice", "no CUDA-capable device is detected"},
    {cudaErrorInvalidDevice, "cudaErrorInvalidDevice", "invalid device ordinal"},
    {cudaErrorNoKernelImageForDevice, "cudaErrorNoKernelImageForDevice",
     "no kernel image is available for execution on the device"},
};

const Named& named(cudaError_t error) {
  static constexpr Named OTHER{cudaErrorUnknown, "cudaErrorUnknown", "unknown error"};
  for (const Named& each : NAMED) {
    if (each.error == error) return each;
  }
  return OTHER;
}

}  // namespace

cudaError_t failed(cudaError_t error) { return lastError = error; }

cudaError_t refused(cudaError_t error, const std::string& text) {
  fakeCudaRefusal(text.c_str());
  return failed(error);
}

}  // namespace fake

extern "C" {

cudaError_t cudaGetLastError() {
  const cudaError_t error = fake::lastError;
  fake::lastError = cudaSuccess;
  return error;
}
cudaError_t cudaPeekAtLastError() { return fake::lastError; }
const char* cudaGetErrorName(cudaError_t error) { return fake::named(error).name; }
const char* cudaGetErrorString(cudaError_t error) { return fake::named(error).text; }
}
