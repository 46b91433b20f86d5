// Pixels of stored feature maps, moved to the planes that depthwise kernels walk on, and back.
#pragma once

#include "bfloat16.h"
#include "depthwise-planes.h"

namespace dna {

// Copies one pixel's channels to their places in the planes; lanes beyond the last channel are 0.
template <typename Storage>
inline void packPixel(const Storage* from, const BlockGroup& group, int64_t plane, float* to) {
  int64_t channel = 0;
  for (; channel + LANES <= group.channels; channel += LANES, to += plane) store(to, load(from + channel));
  if (channel < group.channels) store(to, loadPart(from + channel, group.channels - channel));
}

// Packs a rectangle of an image [height, width, channels] (`image` points at the group's first channel of pixel (0, 0)).
template <typename Storage>
void packPlanes(const Storage* image, const DepthwiseShape& shape, const BlockGroup& group, const Rectangle& at,
                float* to) {
  packRectangle(shape, group.count, at, Border::Written, to, [&](const PixelRun& run) {
    for (int64_t column = 0; column < run.count; ++column) {
      packPixel(image + (run.pixel + column) * shape.channels, group, at.floats(), run.to + column * LANES);
    }
  });
}

}  // namespace dna
