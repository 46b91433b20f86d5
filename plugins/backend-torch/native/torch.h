// The one header that includes libtorch; compiled once for all files.
#ifndef DNA_TORCH_H
#define DNA_TORCH_H

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>

#endif
