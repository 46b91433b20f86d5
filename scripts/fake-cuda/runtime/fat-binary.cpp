#include "fat-binary.h"

#include <cstdint>
#include <cstring>

namespace fake {

namespace {

// `__fatBinC_Wrapper_t` of the toolkit's fatbinary_section.h, and the layout that `fatbinary` writes.
struct Wrapper {
  int32_t magic, version;
  const unsigned char* data;
};
struct Header {
  uint32_t magic;
  uint16_t version, headerBytes;
  uint64_t bytes;
};
struct Entry {
  uint16_t kind, attributes;
  uint32_t headerBytes;
  uint64_t bytes;
  uint32_t compressedBytes, options;
  uint16_t minor, major;
  uint32_t architecture;
};

constexpr uint32_t MAGIC = 0xba55ed50;
constexpr uint16_t PTX = 1, MACHINE_CODE = 2;

template <typename T>
T read(const unsigned char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

void readHeader(const unsigned char*& at, std::vector<Code>& codes) {
  const auto header = read<Header>(at);
  const unsigned char* const end = at + header.headerBytes + header.bytes;
  for (at += header.headerBytes; at < end;) {
    const auto entry = read<Entry>(at);
    if (entry.kind == PTX || entry.kind == MACHINE_CODE) {
      codes.push_back({entry.kind == PTX, static_cast<int>(entry.architecture)});
    }
    at += entry.headerBytes + entry.bytes;
  }
  at = end;
}

}  // namespace

std::vector<Code> codesOf(const void* fatBinary) {
  std::vector<Code> codes;
  const unsigned char* at = static_cast<const Wrapper*>(fatBinary)->data;
  if (read<uint32_t>(at) == MAGIC) readHeader(at, codes);
  return codes;
}

bool runsOn(const Code& code, int major, int minor) {
  const int wanted = major * 10 + minor;
  if (code.ptx) return code.architecture <= wanted;
  return code.architecture / 10 == major && code.architecture <= wanted;
}

}  // namespace fake
