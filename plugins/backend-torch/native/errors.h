// Errors that reach JavaScript with a code.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace dna {

// A call that breaks the contract between TypeScript and this addon.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Shapes or types that an op cannot take; the message names op and shapes.
class ShapeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Memory that the machine, the device or the set limit does not have; all in bytes.
class OutOfMemory : public std::runtime_error {
 public:
  OutOfMemory(size_t wanted, size_t used, size_t limit)
      : std::runtime_error("out of memory"), wanted(wanted), used(used), limit(limit) {}

  const size_t wanted;
  const size_t used;
  const size_t limit;
};

}  // namespace dna
