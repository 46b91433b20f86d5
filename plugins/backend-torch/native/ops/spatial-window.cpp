#include "spatial-window.h"

#include <algorithm>

namespace dna {

SpatialWindow readWindow(const std::vector<int64_t>& numbers) {
  const size_t axes = numbers.size() / 5;
  const auto list = [&](size_t index) {
    return std::vector<int64_t>(numbers.begin() + index * axes, numbers.begin() + (index + 1) * axes);
  };
  SpatialWindow window{list(0), list(1), list(2), list(3), list(4)};
  for (int64_t& extent : window.output) extent = std::max<int64_t>(extent, 0);
  return window;
}

bool SpatialWindow::isEmpty() const { return std::find(output.begin(), output.end(), 0) != output.end(); }

at::Tensor emptyOutput(const SpatialWindow& window, const at::Tensor& x, int64_t channels) {
  std::vector<int64_t> shape{x.size(0), channels};
  shape.insert(shape.end(), window.output.begin(), window.output.end());
  return at::empty(shape, x.options());
}

bool WindowPadding::needsOutside() const {
  return std::any_of(outside.begin(), outside.end(), [](int64_t amount) { return amount != 0; });
}

at::Tensor WindowPadding::pad(const at::Tensor& x, double value) const {
  return needsOutside() ? at::constant_pad_nd(x, outside, value) : x;
}

at::Tensor WindowPadding::crop(const at::Tensor& x) const {
  if (!needsOutside()) return x;
  std::vector<int64_t> removed;
  for (int64_t amount : outside) removed.push_back(-amount);
  return at::constant_pad_nd(x, removed, 0);
}

at::Tensor WindowPadding::padShape(std::vector<int64_t> channelsLastShape, const at::TensorOptions& options) const {
  const size_t axes = both.size();
  for (size_t axis = 0; axis < axes; ++axis) {
    const size_t at = 2 * (axes - 1 - axis);
    channelsLastShape[axis + 1] += outside[at] + outside[at + 1];
  }
  return channelsSecond(at::empty(channelsLastShape, options));
}

namespace {

// What stands after the last value when only `outside` pads: no less than the last window needs, and less than a further
// window would need.
int64_t paddingAfter(const SpatialWindow& window, size_t axis, int64_t input) {
  const int64_t stride = window.strides[axis];
  const int64_t covered = (window.output[axis] - 1) * stride + window.extent(axis);
  const int64_t missing = covered - input - window.before[axis];
  return missing < 0 && -missing < stride ? 0 : missing;
}

bool symmetricFits(const SpatialWindow& window, size_t axis, int64_t input) {
  const int64_t room = input + 2 * window.before[axis] - window.extent(axis);
  return room >= 0 && room / window.strides[axis] + 1 == window.output[axis];
}

}  // namespace

WindowPadding paddingFor(const SpatialWindow& window, at::IntArrayRef input, bool atMostHalf) {
  const size_t axes = window.axes();
  WindowPadding padding{std::vector<int64_t>(axes, 0), std::vector<int64_t>(2 * axes, 0)};
  if (window.isEmpty()) return padding;
  for (size_t axis = 0; axis < axes; ++axis) {
    const bool allowed = !atMostHalf || 2 * window.before[axis] <= window.kernel[axis];
    if (allowed && symmetricFits(window, axis, input[axis])) {
      padding.both[axis] = window.before[axis];
      continue;
    }
    const size_t at = 2 * (axes - 1 - axis);
    padding.outside[at] = window.before[axis];
    padding.outside[at + 1] = paddingAfter(window, axis, input[axis]);
  }
  return padding;
}

}  // namespace dna
