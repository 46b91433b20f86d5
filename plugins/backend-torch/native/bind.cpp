#include "bind.h"

#include "device-memory.h"
#include "device-settings.h"
#include "errors.h"

namespace dna {

namespace {

constexpr int32_t FLOAT32 = 0;
constexpr int32_t INT32 = 1;
constexpr int32_t BOOL = 2;

// The types that JavaScript knows; wider ones come from ops that count in 64 bits.
at::Tensor asKnownType(at::Tensor tensor) {
  switch (tensor.scalar_type()) {
    case at::kFloat:
    case at::kBFloat16:
    case at::kInt:
    case at::kBool: return tensor;
    case at::kDouble:
    case at::kHalf: return tensor.to(at::kFloat);
    default: return tensor.to(at::kInt);
  }
}

int32_t typeCode(const at::Tensor& tensor) {
  if (tensor.scalar_type() == at::kInt) return INT32;
  return tensor.scalar_type() == at::kBool ? BOOL : FLOAT32;
}

void setNumber(napi_env env, napi_value object, const char* name, double number) {
  napi_value value;
  if (napi_create_double(env, number, &value) != napi_ok) return;
  napi_set_named_property(env, object, name, value);
}

void throwOutOfMemory(napi_env env, const OutOfMemory& error) noexcept {
  napi_value code, message, object;
  napi_create_string_utf8(env, "OUT_OF_MEMORY", NAPI_AUTO_LENGTH, &code);
  napi_create_string_utf8(env, error.what(), NAPI_AUTO_LENGTH, &message);
  napi_create_error(env, code, message, &object);
  setNumber(env, object, "wanted", static_cast<double>(error.wanted));
  setNumber(env, object, "used", static_cast<double>(error.used));
  setNumber(env, object, "limit", static_cast<double>(error.limit));
  napi_throw(env, object);
}

// libtorch's words for an op that promises no bits: what stands before them is the op's name.
std::string withoutDeterministicForm(const std::string& message) {
  const size_t end = message.find(" does not have a deterministic implementation");
  return end == std::string::npos ? "" : message.substr(0, end);
}

// libtorch appends its own stack to what(); the first line is what a reader needs.
std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

void throwNamed(napi_env env, const char* op, const char* code, const std::string& message) noexcept {
  napi_throw_error(env, code, (std::string(op) + ": " + message).c_str());
}

}  // namespace

std::vector<Binding>& bindings() {
  static std::vector<Binding> all;
  return all;
}

void checkNapi(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) throw JavaScriptError{};
  const napi_extended_error_info* info = nullptr;
  napi_get_last_error_info(env, &info);
  throw UsageError(info && info->error_message ? info->error_message : "a Node-API call failed");
}

void throwToJavaScript(napi_env env, const char* op) noexcept {
  try {
    throw;
  } catch (const JavaScriptError&) {
    return;
  } catch (const OutOfMemory& error) {
    throwOutOfMemory(env, error);
  } catch (const c10::OutOfMemoryError&) {
    throwOutOfMemory(env, refusedAllocation());
  } catch (const DeviceError& error) {
    napi_throw_error(env, "DEVICE", error.what());
  } catch (const ShapeError& error) {
    napi_throw_range_error(env, "SHAPE", error.what());
  } catch (const c10::Error& error) {
    const std::string message = firstLine(error.what_without_backtrace());
    const std::string without = withoutDeterministicForm(message);
    if (without.empty()) throwNamed(env, op, "LIBTORCH", message);
    else napi_throw_error(env, "NOT_DETERMINISTIC", (std::string(op) + " (" + without + ")").c_str());
  } catch (const std::exception& error) {
    throwNamed(env, op, "NATIVE", firstLine(error.what()));
  } catch (...) {
    throwNamed(env, op, "NATIVE", "an unknown exception");
  }
}

int32_t toInt32(napi_env env, napi_value value) {
  int32_t number = 0;
  checkNapi(env, napi_get_value_int32(env, value, &number));
  return number;
}

double toDouble(napi_env env, napi_value value) {
  double number = 0;
  checkNapi(env, napi_get_value_double(env, value, &number));
  return number;
}

bool toBool(napi_env env, napi_value value) {
  bool flag = false;
  checkNapi(env, napi_get_value_bool(env, value, &flag));
  return flag;
}

bool isNull(napi_env env, napi_value value) {
  napi_valuetype type;
  checkNapi(env, napi_typeof(env, value, &type));
  return type == napi_null || type == napi_undefined;
}

std::string toString(napi_env env, napi_value value) {
  size_t length = 0;
  checkNapi(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length));
  std::string text(length, '\0');
  checkNapi(env, napi_get_value_string_utf8(env, value, text.data(), length + 1, &length));
  return text;
}

std::vector<napi_value> toArray(napi_env env, napi_value value) {
  uint32_t length = 0;
  checkNapi(env, napi_get_array_length(env, value, &length));
  std::vector<napi_value> items(length);
  for (uint32_t index = 0; index < length; ++index) {
    checkNapi(env, napi_get_element(env, value, index, &items[index]));
  }
  return items;
}

std::vector<napi_value> enterCall(napi_env env, napi_callback_info info, const char* op, size_t expected) {
  std::vector<napi_value> arguments(expected);
  size_t count = expected;
  void* instance = nullptr;
  checkNapi(env, napi_get_cb_info(env, info, &count, arguments.data(), nullptr, nullptr));
  if (count != expected) {
    throw UsageError("expected " + std::to_string(expected) + " arguments, found " + std::to_string(count) + " (" + op +
                     ")");
  }
  checkNapi(env, napi_get_instance_data(env, &instance));
  setState(static_cast<State*>(instance));
  return arguments;
}

void Results::add(at::Tensor tensor) { tensors_.push_back(asKnownType(std::move(tensor))); }

void Results::write() {
  State& current = state();
  size_t needed = 1;
  for (const at::Tensor& tensor : tensors_) needed += 3 + static_cast<size_t>(tensor.dim());
  if (needed > current.results.length) {
    throw UsageError(std::to_string(tensors_.size()) + " results do not fit into the result buffer");
  }
  int32_t* at = current.results.data;
  *at++ = static_cast<int32_t>(tensors_.size());
  for (at::Tensor& tensor : tensors_) {
    const int32_t type = typeCode(tensor);
    const auto sizes = tensor.sizes().vec();
    *at++ = current.tensors.add(std::move(tensor));
    *at++ = type;
    *at++ = static_cast<int32_t>(sizes.size());
    for (const int64_t extent : sizes) *at++ = static_cast<int32_t>(extent);
  }
}

}  // namespace dna
