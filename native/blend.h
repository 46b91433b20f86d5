// Moving averages.
#pragma once

#include <cstdint>

namespace dna::cpu {

// old − lost · old + share · fresh, which may be written over `old`. What is kept is said by what is lost, and multiplied
// in double: a factor near 1 that is rounded to float32 drifts over the steps.
inline void blend(const float* old, const float* fresh, float* result, int64_t size, double lost, double share) {
  const double kept = 1 - lost;
  for (int64_t at = 0; at < size; ++at) result[at] = static_cast<float>(old[at] * kept + fresh[at] * share);
}

}  // namespace dna::cpu
