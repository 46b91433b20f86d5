// libcudnn.so.9: its graph interface, in which one engine does everything.
#include <cstddef>
#include <cstdlib>

#include "calls.h"

extern "C" {

size_t cudnnGetVersion() { return 91900; }
size_t cudnnGetCudartVersion() { return 13000; }
const char* cudnnGetErrorString(int) { return "an error of the fake cuDNN"; }
void cudnnGetLastErrorString(char* text, size_t length) {
  if (length > 0) text[0] = '\0';
}
}

FAKE_CREATE(cudnnCreate)
FAKE_CALL(cudnnSetStream)
FAKE_CALL(cudnnBackendFinalize)
FAKE_CALL(cudnnBackendSetAttribute)
FAKE_LAUNCH(cudnnBackendExecute)

namespace {

// Of cudnn_graph.h.
constexpr int ENGINE_HEURISTIC_RESULTS = 202, ENGINE_OF_CONFIGURATION = 300;
constexpr int TYPE_INT64 = 3;

}  // namespace

extern "C" {

int cudnnGetStream(void*, void** stream) {
  *stream = nullptr;
  return 0;
}

int cudnnBackendCreateDescriptor(int, void** descriptor) {
  *descriptor = fake::freshHandle();
  return 0;
}
int cudnnBackendDestroyDescriptor(void*) { return 0; }

int cudnnBackendGetAttribute(void*, int attribute, int type, int64_t room, int64_t* count, void* values) {
  const bool found = attribute == ENGINE_HEURISTIC_RESULTS || attribute == ENGINE_OF_CONFIGURATION;
  // A workspace of no bytes, the engine of number 0.
  const bool number = type == TYPE_INT64 && values && room > 0;
  if (number) *static_cast<int64_t*>(values) = 0;
  if (count) *count = found || number ? 1 : 0;
  return 0;
}
}
