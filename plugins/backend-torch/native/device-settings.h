// Chooses the device and how it computes.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include "torch.h"

namespace dna {

// A device that is not there, or that this addon cannot use; the message tells which and why.
class DeviceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct DeviceSettings {
  // The same bits from the same inputs: no atomics, no choice of algorithms by measurement.
  bool deterministic;
  // Products and convolutions of float32 in TF32 on tensor cores: ten bits of the fraction.
  bool allowTf32;
  // In bytes, on the device; 0 for its memory.
  size_t memoryLimit;
};

// `cpu`, `cuda` or `cuda:1`, made ready; the result has its number. Throws DeviceError.
at::Device openDevice(const std::string& name, const DeviceSettings& settings);
// What CUDA's runtime says of this machine, without libtorch, which only warns. Versions are 13000 for CUDA 13.0.
struct GpuSurvey {
  // CUDA of the driver; 0 without one.
  int driver;
  // CUDA that this addon is linked with; 0 without its CUDA part.
  int runtime;
  // Why no GPU can be used; empty where one can.
  std::string error;
  // Compute capability of each GPU: 90 for 9.0.
  std::vector<int64_t> capabilities;
};
GpuSurvey surveyGpus();
// Whether our own CUDA kernels are compiled in.
bool hasCudaKernels();

// The GPU's name and its compute capability, `NVIDIA H100 80GB HBM3, 9.0`; empty on the CPU.
std::string deviceName(at::Device device);

}  // namespace dna
