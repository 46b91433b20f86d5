// The sizes of an MBConv in training, and the shapes of all that its passes take and give.
#pragma once

#include <optional>
#include <vector>

#include "aligned-floats.h"
#include "depthwise-planes.h"

namespace dna {

using Extents = std::vector<int64_t>;

// Channels are padded to whole vectors between the layers, so that no loop masks; padded channels stay 0.
struct MbConvShape {
  // Its channels are the padded ones.
  DepthwiseShape depthwise;
  int64_t inputs, channels, reduced, outputs;

  int64_t batch() const { return depthwise.batch; }
  int64_t pixels() const { return depthwise.height * depthwise.width; }
  int64_t outPixels() const { return depthwise.outHeight * depthwise.outWidth; }
  int64_t width() const { return depthwise.channels; }
  int64_t outWidth() const { return wholeVectors(outputs); }
  int64_t taps() const { return depthwise.kernel * depthwise.kernel; }

  // Of the maps before the norms, in rows of whole vectors.
  int64_t expandedFloats() const { return batch() * pixels() * width(); }
  int64_t filteredFloats() const { return batch() * outPixels() * width(); }
  int64_t projectedFloats() const { return batch() * outPixels() * outWidth(); }

  // To multiply a few channels out again takes less time than to write a map that leaves the caches, and to read it.
  bool keepsExpanded() const {
    constexpr int64_t FEW = 40, LARGE = int64_t{4} << 20;
    return inputs > FEW || expandedFloats() < LARGE;
  }

  Extents result() const { return {batch(), depthwise.outHeight, depthwise.outWidth, outputs}; }

  // Of `MbConvWeights`, 1×1 filters as matrices.
  std::vector<Extents> weightShapes() const;
  // Of `MbConvOutputs`.
  std::vector<Extents> outputShapes() const;
};

// Strides of both axes, and padding: top, bottom, left, right.
struct MbConvWindow {
  Extents strides, padding;
};

// The shape of a call; none where x and the weights do not fit together. 1×1 filters may be [1, 1, i, o] or [i, o].
std::optional<MbConvShape> mbConvShape(const Extents& x, const std::vector<Extents>& weights,
                                       const MbConvWindow& window);

// Where the weights of an MBConv with folded norms stand in a list of so many: expansion and squeeze-and-excitation may be
// missing, each with its biases.
struct MbConvFoldedPlaces {
  bool expands, squeezes, fit;
  size_t filter, reduce, project;

  explicit MbConvFoldedPlaces(size_t count)
      : expands(count == 6 || count == 10),
        squeezes(count == 8 || count == 10),
        fit(expands || squeezes || count == 4),
        filter(expands ? 2 : 0),
        reduce(filter + 2),
        project(squeezes ? reduce + 4 : reduce) {}
};

// The same of an MBConv with folded norms, whose weights each have a bias behind them; `reduced` is 0 without
// squeeze-and-excitation. Where the input is added (`residual`), the result must have its shape.
std::optional<MbConvShape> mbConvFoldedShape(const Extents& x, const std::vector<Extents>& weights,
                                             const MbConvWindow& window, bool residual);

}  // namespace dna
