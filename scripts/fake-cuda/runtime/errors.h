// The error that a thread's last call left behind.
#pragma once

#include <cuda_runtime_api.h>

#include <string>

namespace fake {

// Keeps the error for cudaGetLastError and returns it.
cudaError_t failed(cudaError_t error);

// The same for what a correct program never asks for: says what was found and what is allowed.
cudaError_t refused(cudaError_t error, const std::string& text);

}  // namespace fake
