// Makes a C++ function callable from JavaScript: arguments by its parameter types, results through the result buffer.
//
// | C++ parameter | JavaScript |
// | --- | --- |
// | const at::Tensor& | handle; bf16 is widened to float32 first |
// | const Stored& | handle; as stored |
// | std::optional<at::Tensor> | handle, or null |
// | const std::vector<at::Tensor>& | array of handles; widened |
// | double, int64_t, bool, std::string | number, number, boolean, string |
// | const std::vector<int64_t>&, const std::vector<double>& | array of numbers |
//
// Results: at::Tensor, Stored, std::vector or std::tuple of them. Int64 becomes int32 and float64 float32 on the way out.
#pragma once

#include <node_api.h>

#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "activation-tensor.h"
#include "state.h"

namespace dna {

// Thrown when a Node-API call fails: JavaScript already has, or is given, the exception.
struct JavaScriptError {};

void checkNapi(napi_env env, napi_status status);
// Turns the exception that is being handled into a JavaScript one.
void throwToJavaScript(napi_env env, const char* op) noexcept;

int32_t toInt32(napi_env env, napi_value value);
double toDouble(napi_env env, napi_value value);
bool toBool(napi_env env, napi_value value);
bool isNull(napi_env env, napi_value value);
std::string toString(napi_env env, napi_value value);
std::vector<napi_value> toArray(napi_env env, napi_value value);

template <typename T>
struct FromJs;

template <>
struct FromJs<at::Tensor> {
  static at::Tensor read(napi_env env, napi_value value) { return asFloat(state().tensors.at(toInt32(env, value))); }
};
template <>
struct FromJs<Stored> {
  static Stored read(napi_env env, napi_value value) { return {state().tensors.at(toInt32(env, value))}; }
};
template <>
struct FromJs<double> {
  static double read(napi_env env, napi_value value) { return toDouble(env, value); }
};
template <>
struct FromJs<int64_t> {
  static int64_t read(napi_env env, napi_value value) { return static_cast<int64_t>(toDouble(env, value)); }
};
template <>
struct FromJs<bool> {
  static bool read(napi_env env, napi_value value) { return toBool(env, value); }
};
template <>
struct FromJs<std::string> {
  static std::string read(napi_env env, napi_value value) { return toString(env, value); }
};
template <typename T>
struct FromJs<std::optional<T>> {
  static std::optional<T> read(napi_env env, napi_value value) {
    if (isNull(env, value)) return std::nullopt;
    return FromJs<T>::read(env, value);
  }
};
template <typename T>
struct FromJs<std::vector<T>> {
  static std::vector<T> read(napi_env env, napi_value value) {
    std::vector<T> items;
    for (napi_value item : toArray(env, value)) items.push_back(FromJs<T>::read(env, item));
    return items;
  }
};

// Collects what an op returns, then writes it into the result buffer in one go.
class Results {
 public:
  void add(at::Tensor tensor);
  void add(Stored stored) { add(std::move(stored.tensor)); }
  template <typename T>
  void add(std::vector<T> tensors) {
    for (T& tensor : tensors) add(std::move(tensor));
  }
  template <typename... T>
  void add(std::tuple<T...> tensors) {
    std::apply([this](auto&... each) { (add(std::move(each)), ...); }, tensors);
  }
  void write();

 private:
  std::vector<at::Tensor> tensors_;
};

using Callback = napi_value (*)(napi_env, napi_callback_info);

struct Binding {
  const char* name;
  Callback callback;
};

// Every op of the addon, in the order in which the files' initialisers ran.
std::vector<Binding>& bindings();

struct Registration {
  Registration(const char* name, Callback callback) { bindings().push_back({name, callback}); }
};

// The state of the environment that called, made current; its arguments.
std::vector<napi_value> enterCall(napi_env env, napi_callback_info info, const char* op, size_t expected);

template <typename Result, typename... Parameters, size_t... Index>
void callFunction(Result (*function)(Parameters...), [[maybe_unused]] napi_env env,
                  [[maybe_unused]] const std::vector<napi_value>& arguments, std::index_sequence<Index...>) {
  std::tuple<std::decay_t<Parameters>...> values{FromJs<std::decay_t<Parameters>>::read(env, arguments[Index])...};
  if constexpr (std::is_void_v<Result>) {
    function(std::get<Index>(values)...);
  } else {
    Results results;
    results.add(function(std::get<Index>(values)...));
    results.write();
  }
}

template <typename Result, typename... Parameters>
void callWith(Result (*function)(Parameters...), napi_env env, napi_callback_info info, const char* op) {
  const std::vector<napi_value> arguments = enterCall(env, info, op, sizeof...(Parameters));
  c10::InferenceMode withoutAutograd;
  callFunction(function, env, arguments, std::index_sequence_for<Parameters...>{});
}

template <auto function>
napi_value invoke(napi_env env, napi_callback_info info, const char* op) noexcept {
  try {
    callWith(function, env, info, op);
  } catch (...) {
    throwToJavaScript(env, op);
  }
  return nullptr;
}

}  // namespace dna

// Offers a function to JavaScript under its own name. At namespace scope, once a function.
#define DNA_OP(function)                                                           \
  namespace {                                                                      \
  napi_value callback_##function(napi_env env, napi_callback_info info) {          \
    return dna::invoke<&function>(env, info, #function);                           \
  }                                                                                \
  const dna::Registration registration_##function{#function, callback_##function}; \
  }
