// What was asked of the fake GPU, written as JSON to the file that FAKE_CUDA_REPORT names when the process
// ends.
#pragma once

#include <cstddef>

// With C names: the fake cuBLAS and cuDNN are libraries of their own.
extern "C" {
// A kernel that is compiled in, and one launch of it; a library's call that would launch counts as one too.
void fakeCudaKernel(const char* mangled);
void fakeCudaLaunch(const char* mangled);
// The number of the GPU that this thread launches on from now on.
void fakeCudaDevice(int device);
// A call that launches nothing, by its name.
void fakeCudaCall(const char* name);
// A call that waits for the GPU.
void fakeCudaWait(const char* name);
void fakeCudaBytes(const char* direction, size_t bytes);
void fakeCudaAllocated(size_t now);
// What the real runtime would refuse; said on stderr at once.
void fakeCudaRefusal(const char* text);
}
