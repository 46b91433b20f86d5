// An addon of its own, quietly(action): calls a function while nothing reaches standard error. TensorFlow writes its
// first lines while it is loaded, before it can be told not to.
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

#include <mutex>

namespace {

// Threads may load at the same time: the first one shuts the stream, the last one opens it again.
std::mutex guard;
int inside = 0;
int kept = -1;

void shut() {
  std::lock_guard<std::mutex> lock(guard);
  if (inside++ > 0) return;
  kept = dup(STDERR_FILENO);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (kept >= 0 && nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  if (nowhere >= 0) close(nowhere);
}

void reopen() {
  std::lock_guard<std::mutex> lock(guard);
  if (--inside > 0 || kept < 0) return;
  dup2(kept, STDERR_FILENO);
  close(kept);
  kept = -1;
}

napi_value quietly(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value action;
  napi_value self;
  napi_value result = nullptr;
  napi_get_cb_info(env, info, &count, &action, &self, nullptr);
  shut();
  // What it throws stays pending, and is thrown on when this returns.
  napi_call_function(env, self, action, 0, nullptr, &result);
  reopen();
  return result;
}

napi_value init(napi_env env, napi_value) {
  napi_value function;
  napi_create_function(env, "quietly", NAPI_AUTO_LENGTH, quietly, nullptr, &function);
  return function;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
