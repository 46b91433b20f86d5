// How the functions of a library that computes nothing are written: those that the backend's ops lead to, by
// name.
//
// A C function may be called with more arguments than it reads, so that none needs the library's headers.
#pragma once

#include <atomic>
#include <cstdint>

#include "../runtime/record.h"

// Succeeds.
#define FAKE_CALL(name) \
  extern "C" int name() { return 0; }

// Succeeds, and counts as a launch.
#define FAKE_LAUNCH(name)  \
  extern "C" int name() {  \
    fakeCudaLaunch(#name); \
    return 0;              \
  }

// Gives a handle that is like no other.
#define FAKE_CREATE(name)              \
  extern "C" int name(void** handle) { \
    *handle = fake::freshHandle();     \
    return 0;                          \
  }

namespace fake {

inline void* freshHandle() {
  static std::atomic<uintptr_t> last{0x1000};
  return reinterpret_cast<void*>(last += 16);
}

}  // namespace fake
