// Squeeze-and-excitation's passes over feature maps [images, pixels, channels]. Storage is float or Bfloat16; vectors are
// [images, channels]. An image is summed by one thread, in order: the same bits on any number of threads.
#pragma once

#include "bfloat16.h"

namespace dna::cpu {

struct FeatureMaps {
  int64_t images, pixels, channels;
};

// The mean of each channel.
template <typename Storage>
void globalMean(const FeatureMaps& maps, const Storage* x, float* means);

// x · gate + shift; no shift is 0.
template <typename Storage>
void channelGate(const FeatureMaps& maps, const Storage* x, const float* gate, const float* shift, Storage* y);

// Σ over the pixels of a · b.
template <typename Storage>
void channelDot(const FeatureMaps& maps, const Storage* a, const Storage* b, float* sums);

}  // namespace dna::cpu
