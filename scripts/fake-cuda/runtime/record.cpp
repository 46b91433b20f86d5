#include "record.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace {

thread_local int currentDevice = 0;

using Counts = std::map<std::string, size_t>;

struct Record {
  std::mutex mutex;
  Counts kernels, launches, devices, calls, waits, bytes;
  std::vector<std::string> refusals;
  size_t memory = 0, peakMemory = 0;
};

// Never destroyed: libraries launch and free until the very end.
Record& record() {
  static Record* const only = new Record;
  return *only;
}

void add(Counts Record::* counts, const char* name, size_t amount = 1) {
  Record& own = record();
  const std::lock_guard<std::mutex> guard(own.mutex);
  (own.*counts)[name] += amount;
}

std::string demangled(const std::string& name) {
  int status = 0;
  char* text = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  const std::string found = status == 0 ? text : name;
  std::free(text);
  return found;
}

std::string quoted(const std::string& text) {
  std::string escaped = "\"";
  for (const char each : text) {
    if (each == '"' || each == '\\') escaped += '\\';
    escaped += each == '\n' ? ' ' : each;
  }
  return escaped + "\"";
}

void write(FILE* file, const char* title, const Counts& counts) {
  std::fprintf(file, "  %s: {", quoted(title).c_str());
  const char* separator = "\n";
  for (const auto& [name, count] : counts) {
    std::fprintf(file, "%s    %s: %zu", separator, quoted(demangled(name)).c_str(), count);
    separator = ",\n";
  }
  std::fprintf(file, "\n  },\n");
}

void writeReport() {
  const char* path = std::getenv("FAKE_CUDA_REPORT");
  FILE* file = path && *path ? std::fopen(path, "w") : nullptr;
  if (!file) return;
  Record& own = record();
  const std::lock_guard<std::mutex> guard(own.mutex);
  std::fprintf(file, "{\n");
  write(file, "kernels", own.kernels);
  write(file, "launches", own.launches);
  write(file, "devices", own.devices);
  write(file, "calls", own.calls);
  write(file, "waits", own.waits);
  write(file, "bytes", own.bytes);
  std::fprintf(file, "  \"refusals\": [");
  for (size_t at = 0; at < own.refusals.size(); ++at) {
    std::fprintf(file, "%s\n    %s", at == 0 ? "" : ",", quoted(own.refusals[at]).c_str());
  }
  std::fprintf(file, "\n  ],\n  \"memory\": %zu,\n  \"peakMemory\": %zu\n}\n", own.memory, own.peakMemory);
  std::fclose(file);
}

[[gnu::destructor]] void atEnd() { writeReport(); }

}  // namespace

extern "C" {

void fakeCudaKernel(const char* mangled) { add(&Record::kernels, mangled, 0); }
void fakeCudaLaunch(const char* mangled) {
  add(&Record::launches, mangled);
  add(&Record::devices, std::to_string(currentDevice).c_str());
}
void fakeCudaDevice(int device) { currentDevice = device; }
void fakeCudaCall(const char* name) { add(&Record::calls, name); }
void fakeCudaWait(const char* name) { add(&Record::waits, name); }
void fakeCudaBytes(const char* direction, size_t bytes) { add(&Record::bytes, direction, bytes); }

void fakeCudaAllocated(size_t now) {
  Record& own = record();
  const std::lock_guard<std::mutex> guard(own.mutex);
  own.memory = now;
  own.peakMemory = std::max(own.peakMemory, now);
}

void fakeCudaRefusal(const char* text) {
  std::fprintf(stderr, "fake-cuda: %s\n", text);
  Record& own = record();
  const std::lock_guard<std::mutex> guard(own.mutex);
  own.refusals.emplace_back(text);
}
}
