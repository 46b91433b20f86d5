#include "device-transfers.h"

#ifdef DNA_CUDA
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>
#endif

#include <cstring>
#include <memory>
#include <string>

#include "bind.h"

namespace dna {

namespace {

at::Tensor hostTensor(at::IntArrayRef shape, at::ScalarType type, bool pinned) {
  return at::empty(shape, at::TensorOptions(type).pinned_memory(pinned));
}

napi_value arrayBufferOf(napi_env env, const at::Tensor& host) {
  napi_value buffer = nullptr;
  void* data = nullptr;
  checkNapi(env, napi_create_arraybuffer(env, host.nbytes(), &data, &buffer));
  if (host.nbytes() > 0) std::memcpy(data, host.const_data_ptr(), host.nbytes());
  return buffer;
}

#ifdef DNA_CUDA

// The end of what a stream has been given so far; waiting for it sleeps.
class StreamEnd {
 public:
  explicit StreamEnd(const at::Device& device) {
    const c10::cuda::CUDAGuard guard(device);
    C10_CUDA_CHECK(cudaEventCreateWithFlags(&event_, cudaEventBlockingSync | cudaEventDisableTiming));
    const cudaError_t status = cudaEventRecord(event_, c10::cuda::getCurrentCUDAStream().stream());
    if (status != cudaSuccess) cudaEventDestroy(event_);
    C10_CUDA_CHECK(status);
  }
  ~StreamEnd() { cudaEventDestroy(event_); }
  StreamEnd(const StreamEnd&) = delete;
  StreamEnd& operator=(const StreamEnd&) = delete;

  // Empty, or what went wrong.
  std::string wait() const {
    const cudaError_t status = cudaEventSynchronize(event_);
    return status == cudaSuccess ? "" : cudaGetErrorString(status);
  }

 private:
  cudaEvent_t event_ = nullptr;
};

struct PendingRead {
  at::Tensor host;
  StreamEnd end;
  std::string fault;
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;

  // The copy goes into pinned memory, else it would wait for the device.
  explicit PendingRead(const at::Tensor& tensor)
      : host(hostTensor(tensor.sizes(), tensor.scalar_type(), true).copy_(tensor, /*non_blocking=*/true)),
        end(tensor.device()) {}
};

void rejectRead(napi_env env, const PendingRead& read) {
  napi_value message, error;
  checkNapi(env, napi_create_string_utf8(env, ("read: " + read.fault).c_str(), NAPI_AUTO_LENGTH, &message));
  checkNapi(env, napi_create_error(env, nullptr, message, &error));
  checkNapi(env, napi_reject_deferred(env, read.deferred, error));
}

// On one of Node's own threads, without JavaScript.
void waitForRead(napi_env, void* data) {
  auto* read = static_cast<PendingRead*>(data);
  read->fault = read->end.wait();
}

void finishRead(napi_env env, napi_status status, void* data) {
  const std::unique_ptr<PendingRead> read(static_cast<PendingRead*>(data));
  napi_delete_async_work(env, read->work);
  if (status != napi_ok) return;  // the environment ends; nobody waits for the promise
  try {
    if (!read->fault.empty()) return rejectRead(env, *read);
    checkNapi(env, napi_resolve_deferred(env, read->deferred, arrayBufferOf(env, read->host)));
  } catch (...) {
    throwToJavaScript(env, "read");
  }
}

napi_value readFromDevice(napi_env env, const at::Tensor& tensor) {
  auto read = std::make_unique<PendingRead>(tensor.contiguous());
  napi_value name, promise;
  checkNapi(env, napi_create_string_utf8(env, "dna-torch read", NAPI_AUTO_LENGTH, &name));
  checkNapi(env, napi_create_async_work(env, nullptr, name, waitForRead, finishRead, read.get(), &read->work));
  checkNapi(env, napi_create_promise(env, &read->deferred, &promise));
  checkNapi(env, napi_queue_async_work(env, read->work));
  read.release();
  return promise;
}

#endif

napi_value promiseOf(napi_env env, napi_value value) {
  napi_deferred deferred;
  napi_value promise;
  checkNapi(env, napi_create_promise(env, &deferred, &promise));
  checkNapi(env, napi_resolve_deferred(env, deferred, value));
  return promise;
}

}  // namespace

at::Tensor uploadValues(const void* values, at::IntArrayRef shape, at::ScalarType type, at::Device device) {
  const at::Tensor host = hostTensor(shape, type, device.is_cuda());
  if (host.nbytes() > 0) std::memcpy(host.mutable_data_ptr(), values, host.nbytes());
  // The pinned block is given out again only when the copy is through.
  return device.is_cpu() ? host : host.to(device, /*non_blocking=*/true);
}

napi_value readLater(napi_env env, const at::Tensor& tensor) {
#ifdef DNA_CUDA
  if (tensor.is_cuda()) return readFromDevice(env, tensor);
#endif
  return promiseOf(env, arrayBufferOf(env, tensor.to(at::kCPU).contiguous()));
}

}  // namespace dna
