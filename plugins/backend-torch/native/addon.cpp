// The addon's entry: one state an environment, the tensors' way in and out, and every op under its name.
#include <node_api.h>

#include <cstring>
#include <memory>

#include "bind.h"
#include "converted-weights.h"
#include "device-memory.h"
#include "device-settings.h"
#include "device-transfers.h"
#include "errors.h"
#include "host-allocator.h"
#include "shapes.h"
#include "state.h"

namespace dna {

namespace {

constexpr int32_t INT32 = 1;
constexpr int32_t BOOL = 2;

at::ScalarType scalarType(int32_t code) {
  if (code == INT32) return at::kInt;
  return code == BOOL ? at::kBool : at::kFloat;
}

// A typed array's memory: its first byte and the bytes in all.
struct Bytes {
  void* data = nullptr;
  size_t length = 0;
};

Bytes bytesOf(napi_env env, napi_value typedArray) {
  napi_typedarray_type type;
  size_t length = 0;
  void* data = nullptr;
  checkNapi(env, napi_get_typedarray_info(env, typedArray, &type, &length, &data, nullptr, nullptr));
  const size_t width = type == napi_float64_array                                                                ? 8
                       : type == napi_uint8_array || type == napi_uint8_clamped_array || type == napi_int8_array ? 1
                                                                                                                 : 4;
  return {data, length * width};
}

// configure(device, threads, precision, deterministic, memoryLimit in bytes): once, before any tensor.
void configure(const std::string& device, int64_t threads, int64_t precision, bool deterministic, double memoryLimit) {
  State& current = state();
  current.precision = static_cast<Precision>(precision);
  current.deterministic = deterministic;
  const bool allowTf32 = current.precision == Precision::Tf32;
  current.device = openDevice(device, {deterministic, allowTf32, static_cast<size_t>(memoryLimit)});
  at::set_num_threads(static_cast<int>(threads));
  if (current.device.is_cpu()) setHostMemoryLimit(static_cast<size_t>(memoryLimit));
}

// release(handle)
void release(int64_t handle) { state().tensors.release(static_cast<int32_t>(handle)); }

// alias(handle): another handle to the same values.
Stored alias(const Stored& x) { return x; }

napi_value setResults(napi_env env, napi_callback_info info) {
  try {
    const auto arguments = enterCall(env, info, "setResults", 1);
    const Bytes bytes = bytesOf(env, arguments[0]);
    state().results = {static_cast<int32_t*>(bytes.data), bytes.length / sizeof(int32_t)};
  } catch (...) {
    throwToJavaScript(env, "setResults");
  }
  return nullptr;
}

// upload(values, type code, shape): a tensor on the device with a copy of the values.
napi_value upload(napi_env env, napi_callback_info info) {
  try {
    const auto arguments = enterCall(env, info, "upload", 3);
    c10::InferenceMode withoutAutograd;
    const Bytes bytes = bytesOf(env, arguments[0]);
    const auto shape = FromJs<std::vector<int64_t>>::read(env, arguments[2]);
    const at::ScalarType type = scalarType(toInt32(env, arguments[1]));
    const size_t expected = static_cast<size_t>(c10::multiply_integers(shape)) * c10::elementSize(type);
    if (bytes.length != expected) {
      throw ShapeError("upload: expected " + std::to_string(expected) + " bytes for the shape, found " +
                       std::to_string(bytes.length));
    }
    Results results;
    results.add(uploadValues(bytes.data, shape, type, state().device));
    results.write();
  } catch (...) {
    throwToJavaScript(env, "upload");
  }
  return nullptr;
}

// read(handle): an ArrayBuffer with the values, row by row.
napi_value read(napi_env env, napi_callback_info info) {
  napi_value buffer = nullptr;
  try {
    const auto arguments = enterCall(env, info, "read", 1);
    c10::InferenceMode withoutAutograd;
    const at::Tensor tensor = FromJs<at::Tensor>::read(env, arguments[0]).to(at::kCPU).contiguous();
    void* data = nullptr;
    checkNapi(env, napi_create_arraybuffer(env, tensor.nbytes(), &data, &buffer));
    if (tensor.nbytes() > 0) std::memcpy(data, tensor.const_data_ptr(), tensor.nbytes());
  } catch (...) {
    throwToJavaScript(env, "read");
  }
  return buffer;
}

// readLater(handle): a promise of the same, which does not hold JavaScript up while a device computes.
napi_value readLater(napi_env env, napi_callback_info info) {
  napi_value promise = nullptr;
  try {
    const auto arguments = enterCall(env, info, "readLater", 1);
    c10::InferenceMode withoutAutograd;
    promise = dna::readLater(env, FromJs<at::Tensor>::read(env, arguments[0]));
  } catch (...) {
    throwToJavaScript(env, "readLater");
  }
  return promise;
}

void setProperty(napi_env env, napi_value object, const char* name, double number) {
  napi_value value;
  checkNapi(env, napi_create_double(env, number, &value));
  checkNapi(env, napi_set_named_property(env, object, name, value));
}

void setProperty(napi_env env, napi_value object, const char* name, const std::string& text) {
  napi_value value;
  checkNapi(env, napi_create_string_utf8(env, text.c_str(), text.size(), &value));
  checkNapi(env, napi_set_named_property(env, object, name, value));
}

void setProperty(napi_env env, napi_value object, const char* name, bool flag) {
  napi_value value;
  checkNapi(env, napi_get_boolean(env, flag, &value));
  checkNapi(env, napi_set_named_property(env, object, name, value));
}

void setProperty(napi_env env, napi_value object, const char* name, const std::vector<int64_t>& numbers) {
  napi_value list;
  checkNapi(env, napi_create_array_with_length(env, numbers.size(), &list));
  for (size_t at = 0; at < numbers.size(); ++at) {
    napi_value number;
    checkNapi(env, napi_create_int64(env, numbers[at], &number));
    checkNapi(env, napi_set_element(env, list, static_cast<uint32_t>(at), number));
  }
  checkNapi(env, napi_set_named_property(env, object, name, list));
}

// Bytes of the host's or a device's memory.
template <typename Memory>
void setMemory(napi_env env, napi_value object, const Memory& memory) {
  setProperty(env, object, "used", static_cast<double>(memory.used));
  setProperty(env, object, "peak", static_cast<double>(memory.peak));
  setProperty(env, object, "cached", static_cast<double>(memory.cached));
  setProperty(env, object, "limit", static_cast<double>(memory.limit));
}

// memory(): { used, peak, cached, limit, tensors }, bytes where tensors are.
napi_value memory(napi_env env, napi_callback_info info) {
  napi_value object = nullptr;
  try {
    enterCall(env, info, "memory", 0);
    checkNapi(env, napi_create_object(env, &object));
    if (state().device.is_cpu()) setMemory(env, object, hostMemory());
    else setMemory(env, object, deviceMemory(state().device));
    setProperty(env, object, "tensors", static_cast<double>(state().tensors.size()));
  } catch (...) {
    throwToJavaScript(env, "memory");
  }
  return object;
}

// describe(): { torch, instructions, threads }, and on a GPU { gpu, kernels }.
napi_value describe(napi_env env, napi_callback_info info) {
  napi_value object = nullptr;
  try {
    enterCall(env, info, "describe", 0);
    checkNapi(env, napi_create_object(env, &object));
    setProperty(env, object, "torch", std::string(TORCH_VERSION));
    setProperty(env, object, "instructions", at::get_cpu_capability());
    setProperty(env, object, "threads", static_cast<double>(at::get_num_threads()));
    if (state().device.is_cpu()) return object;
    setProperty(env, object, "gpu", deviceName(state().device));
    setProperty(env, object, "kernels", hasCudaKernels());
  } catch (...) {
    throwToJavaScript(env, "describe");
  }
  return object;
}

// gpus(): { driver, runtime, error, capabilities }, as `GpuSurvey` has them.
napi_value gpus(napi_env env, napi_callback_info info) {
  napi_value object = nullptr;
  try {
    enterCall(env, info, "gpus", 0);
    const GpuSurvey survey = surveyGpus();
    checkNapi(env, napi_create_object(env, &object));
    setProperty(env, object, "driver", static_cast<double>(survey.driver));
    setProperty(env, object, "runtime", static_cast<double>(survey.runtime));
    setProperty(env, object, "error", survey.error);
    setProperty(env, object, "capabilities", survey.capabilities);
  } catch (...) {
    throwToJavaScript(env, "gpus");
  }
  return object;
}

void trim() {
  sweepConvertedFilters();
  trimHostMemory();
  trimDeviceMemory(state().device);
}

void offer(napi_env env, napi_value exports, const char* name, Callback callback) {
  napi_value function;
  checkNapi(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function));
  checkNapi(env, napi_set_named_property(env, exports, name, function));
}

napi_value initialise(napi_env env, napi_value exports) {
  try {
    installHostAllocator();
    auto own = std::make_unique<State>();
    checkNapi(env, napi_set_instance_data(
                       env, own.get(), [](napi_env, void* data, void*) { delete static_cast<State*>(data); }, nullptr));
    own.release();
    offer(env, exports, "setResults", setResults);
    offer(env, exports, "upload", upload);
    offer(env, exports, "read", read);
    offer(env, exports, "readLater", readLater);
    offer(env, exports, "memory", memory);
    offer(env, exports, "describe", describe);
    offer(env, exports, "gpus", gpus);
    for (const Binding& binding : bindings()) offer(env, exports, binding.name, binding.callback);
  } catch (...) {
    throwToJavaScript(env, "dna-torch");
  }
  return exports;
}

}  // namespace

DNA_OP(configure)
DNA_OP(release)
DNA_OP(alias)
DNA_OP(trim)

}  // namespace dna

NAPI_MODULE(dna_torch, dna::initialise)
