// What nvcc puts into an object for the GPUs: machine code and PTX by architecture.
#pragma once

#include <vector>

namespace fake {

struct Code {
  bool ptx;
  // 75, 80, …
  int architecture;
};

// All code of what `__cudaRegisterFatBinary` is given.
std::vector<Code> codesOf(const void* fatBinary);

// Machine code runs on its own major version from its minor on, PTX on everything that is newer.
bool runsOn(const Code& code, int major, int minor);

}  // namespace fake
