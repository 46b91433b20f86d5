// What a process that loads the binding has to be told beside what TensorFlow reads from the environment itself.
#include <malloc.h>

#include <cstdlib>

#if __has_include("absl/log/globals.h")
#include "absl/base/log_severity.h"
#include "absl/log/globals.h"
#endif

namespace {

// TensorFlow takes every tensor from the C library, which by itself gives large blocks back to the system whenever
// they are freed: each op would then wait for fresh pages, which are cleared first.
void keepFreedMemory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
}

// Newer versions write their log by absl and leave this variable to TensorFlow's own Python.
void limitLog() {
#if __has_include("absl/log/globals.h")
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  if (level != nullptr) absl::SetMinLogLevel(static_cast<absl::LogSeverityAtLeast>(std::atoi(level)));
#endif
}

struct ProcessSettings {
  ProcessSettings() {
    keepFreedMemory();
    limitLog();
  }
} const settings;

}  // namespace
