// libcuda.so.1: what libtorch asks the driver for while it opens a device.
#include <cstddef>

namespace {

// The one context there is.
int context;

}  // namespace

extern "C" {

int cuInit(unsigned) { return 0; }
int cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return 0;
}
int cuDevicePrimaryCtxGetState(int, unsigned* flags, int* active) {
  if (flags) *flags = 0;
  if (active) *active = 1;
  return 0;
}
int cuDevicePrimaryCtxRetain(void** current, int) {
  *current = &context;
  return 0;
}
int cuCtxGetCurrent(void** current) {
  *current = &context;
  return 0;
}
int cuCtxSetCurrent(void*) { return 0; }
int cuGetErrorString(int, const char** text) {
  *text = "an error of the fake driver";
  return 0;
}
}
