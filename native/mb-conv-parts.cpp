#include "mb-conv-parts.h"

#include <cmath>

namespace dna {

ChannelNorm::ChannelNorm(const NormSource& of, int64_t channels, double epsilon)
    : mean(padded(of.mean, channels)), factor(channels), gain(channels), offset(padded(of.offset, channels)) {
  for (int64_t channel = 0; channel < channels; ++channel) {
    factor[channel] = static_cast<float>(1 / std::sqrt(static_cast<double>(of.variance[channel]) + epsilon));
    gain[channel] = factor[channel] * of.scale[channel];
  }
}

}  // namespace dna
