// Values on their way between JavaScript and a device.
#pragma once

#include <node_api.h>

#include "torch.h"

namespace dna {

// A tensor on the device with a copy of the values, which may be changed as soon as this returns; the device's own copy
// is made while JavaScript goes on.
at::Tensor uploadValues(const void* values, at::IntArrayRef shape, at::ScalarType type, at::Device device);

// A promise of an ArrayBuffer with the tensor's values, row by row, as they are when this is called. JavaScript is not
// held up until the device has computed them. Throws as `checkNapi` does.
napi_value readLater(napi_env env, const at::Tensor& tensor);

}  // namespace dna
