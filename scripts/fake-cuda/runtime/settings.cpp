#include "settings.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace fake {

namespace {

struct Architecture {
  int major, minor;
  size_t sharedBytes;
  int threadsPerProcessor;
};

// CUDA C++ Programming Guide, table of technical specifications by compute capability.
constexpr Architecture ARCHITECTURES[] = {
    {7, 5, 64 * 1024, 1024},  {8, 0, 163 * 1024, 2048},  {8, 6, 99 * 1024, 1536},  {8, 9, 99 * 1024, 1536},
    {9, 0, 227 * 1024, 2048}, {10, 0, 227 * 1024, 2048}, {12, 0, 99 * 1024, 1536},
};

double number(const char* name, double otherwise) {
  const char* text = std::getenv(name);
  return text && *text ? std::atof(text) : otherwise;
}

Architecture architecture(double capability) {
  const int tenths = static_cast<int>(std::lround(capability * 10));
  for (const Architecture& each : ARCHITECTURES) {
    if (each.major * 10 + each.minor == tenths) return each;
  }
  std::fprintf(stderr, "fake-cuda: FAKE_CUDA_CAPABILITY is %.1f, expected 7.5, 8.0, 8.6, 8.9, 9.0, 10.0 or 12.0\n",
               capability);
  std::exit(2);
}

Settings read() {
  const Architecture of = architecture(number("FAKE_CUDA_CAPABILITY", 9.0));
  const auto shared = static_cast<size_t>(number("FAKE_CUDA_SHARED_BYTES", static_cast<double>(of.sharedBytes)));
  const auto memory = static_cast<size_t>(number("FAKE_CUDA_MEMORY_GB", 80) * 1024 * 1024 * 1024);
  return {static_cast<int>(number("FAKE_CUDA_GPUS", 1)),
          of.major,
          of.minor,
          shared,
          of.threadsPerProcessor,
          memory,
          static_cast<int>(number("FAKE_CUDA_DRIVER", RUNTIME_VERSION))};
}

}  // namespace

const Settings& settings() {
  static const Settings only = read();
  return only;
}

bool driverSuffices() { return settings().driver >= RUNTIME_VERSION; }

}  // namespace fake
