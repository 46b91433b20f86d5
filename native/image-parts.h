// A batch in a fixed number of parts: what is summed by parts, in their order, has the same bits on any number of threads.
#pragma once

#include <algorithm>
#include <cstdint>

namespace dna {

struct ImageParts {
  // Images of a part, and parts.
  int64_t images, count;

  ImageParts(int64_t batch, int64_t most) : images((batch + most - 1) / most), count((batch + images - 1) / images) {}

  int64_t first(int64_t part) const { return part * images; }
  int64_t end(int64_t part, int64_t batch) const { return std::min(batch, (part + 1) * images); }
};

}  // namespace dna
