// Where a convolution's or pool's window lies: the numbers that JavaScript computes with tfjs's rules of padding.
#pragma once

#include <vector>

#include "../torch.h"

namespace dna {

// A window over two or three spatial axes; each list has a number an axis.
struct SpatialWindow {
  std::vector<int64_t> kernel;
  std::vector<int64_t> strides;
  std::vector<int64_t> dilations;
  // Padding before the first value of an axis.
  std::vector<int64_t> before;
  // Extents of the output.
  std::vector<int64_t> output;

  size_t axes() const { return kernel.size(); }
  // Whether it is larger than the padded input that it moves over, so that nothing comes out.
  bool isEmpty() const;
  // Values from the window's first to its last along an axis.
  int64_t extent(size_t axis) const { return (kernel[axis] - 1) * dilations[axis] + 1; }
};

// The five lists, one after another, as JavaScript gives them.
SpatialWindow readWindow(const std::vector<int64_t>& numbers);

// How an input is padded: what torch's op adds on both sides, and what has to be there before the op.
struct WindowPadding {
  std::vector<int64_t> both;
  // As at::constant_pad_nd takes it: last axis first, before and after; negative crops.
  std::vector<int64_t> outside;

  bool needsOutside() const;
  // Pads a tensor [.., spatial axes] by `outside`.
  at::Tensor pad(const at::Tensor& x, double value) const;
  // Undoes it, for gradients.
  at::Tensor crop(const at::Tensor& x) const;
  // A tensor of the padded shape of an input [n, .., c], as [n, c, ..] with the channels innermost in memory. It only
  // lends its shape and layout to a gradient; nothing reads its values.
  at::Tensor padShape(std::vector<int64_t> channelsLastShape, const at::TensorOptions& options) const;
};

// The padding with which an op of torch gives `window.output` for spatial extents `input`. `atMostHalf` says that the op
// adds no more than half of a kernel by itself, as pools do.
WindowPadding paddingFor(const SpatialWindow& window, at::IntArrayRef input, bool atMostHalf);

// [n, .., c] as a view [n, c, ..], and back.
inline at::Tensor channelsSecond(const at::Tensor& x) { return x.movedim(-1, 1); }
inline at::Tensor channelsLast(const at::Tensor& x) { return x.movedim(1, -1); }

// A tensor [n, channels, ..] of the window's output, not initialised.
at::Tensor emptyOutput(const SpatialWindow& window, const at::Tensor& x, int64_t channels);

// The spatial extents of [n, c, ..].
inline at::IntArrayRef spatialSizes(const at::Tensor& x) { return x.sizes().slice(2); }

}  // namespace dna
