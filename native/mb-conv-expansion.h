// The expanded map of an MBConv: kept from the forward pass, or multiplied out again where that is faster than to read it.
#pragma once

#include "mb-conv-parts.h"
#include "products.h"

namespace dna {

// Some pixels of some channels, in rows of `pitch` floats.
struct ExpandedRows {
  const float* values;
  int64_t pitch;
};

class Expansion {
 public:
  // `kept` is the whole map, or nothing.
  Expansion(const MbConvCall& call, const float* kept)
      : shape_(call.shape),
        x_(call.x),
        kept_(call.shape.keepsExpanded() ? kept : nullptr),
        matrix_(paddedRows(call.weights.expand, call.shape.inputs, call.shape.channels)) {}

  // All channels of `count` pixels from one on, counted over all images: [count, width].
  void compute(int64_t pixel, int64_t count, float* to) const { compute(pixel, count, 0, shape_.width(), to); }

  // A group's channels of these pixels; `scratch` has room for them.
  ExpandedRows rows(int64_t pixel, int64_t count, const BlockGroup& group, float* scratch) const {
    const int64_t width = shape_.width(), channel = group.first * LANES, floats = group.count * LANES;
    if (kept_ != nullptr) return {kept_ + pixel * width + channel, width};
    compute(pixel, count, channel, floats, scratch);
    return {scratch, floats};
  }

 private:
  void compute(int64_t pixel, int64_t count, int64_t channel, int64_t floats, float* to) const {
    multiply<false>(count, {x_ + pixel * shape_.inputs, shape_.inputs}, shape_.inputs,
                    {matrix_.data() + channel, shape_.width()}, floats, {to, floats, false});
  }

  const MbConvShape& shape_;
  const float *x_, *kept_;
  PaddedMatrix matrix_;
};

// Rows of an image that a band has packed, as they are expanded: from `first` to `end`.
struct ExpandedBand {
  int64_t first, end;

  ExpandedBand(const DepthwiseShape& of, const Rectangle& at)
      : first(std::clamp<int64_t>(at.row, 0, of.height)), end(std::clamp<int64_t>(at.row + at.rows, 0, of.height)) {}

  int64_t pixels(const DepthwiseShape& of) const { return (end - first) * of.width; }
};

}  // namespace dna
