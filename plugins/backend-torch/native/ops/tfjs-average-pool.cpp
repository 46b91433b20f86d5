// tfjs's pools of averages over two or three axes and their gradient. Padding does not count: a window at the border is
// divided by the number of values that it covers, forward and backward; one that covers none gives 0.
#include <algorithm>

#include "../bind.h"
#include "../shapes.h"
#include "spatial-window.h"

namespace dna {

namespace {

struct AveragePool {
  SpatialWindow window;
  WindowPadding padding;
  bool threeAxes;
};

AveragePool planAverage(const at::IntArrayRef shape, const std::vector<int64_t>& numbers) {
  SpatialWindow window = readWindow(numbers);
  WindowPadding padding = paddingFor(window, shape.slice(1, window.axes()), true);
  const bool threeAxes = window.axes() == 3;
  return {std::move(window), std::move(padding), threeAxes};
}

// How many values of an axis each window covers.
std::vector<double> coveredAlong(const SpatialWindow& window, size_t axis, int64_t input) {
  std::vector<double> counts;
  for (int64_t place = 0; place < window.output[axis]; ++place) {
    const int64_t start = place * window.strides[axis] - window.before[axis];
    const int64_t covered = std::min(start + window.kernel[axis], input) - std::max<int64_t>(start, 0);
    counts.push_back(static_cast<double>(std::max<int64_t>(covered, 1)));
  }
  return counts;
}

// 1 / the values that each window covers, to broadcast over [n, c, ..].
at::Tensor shares(const AveragePool& pool, at::IntArrayRef shape, const at::TensorOptions& options) {
  const size_t axes = pool.window.axes();
  at::Tensor product = at::ones(std::vector<int64_t>(axes, 1), at::kDouble);
  for (size_t axis = 0; axis < axes; ++axis) {
    std::vector<int64_t> along(axes, 1);
    along[axis] = -1;
    product =
        product * at::tensor(coveredAlong(pool.window, axis, shape[axis + 1]), at::kDouble).reciprocal().view(along);
  }
  return product.to(options);
}

// Sums where padding had to be put outside, which torch would count; averages else.
at::Tensor poolForward(const AveragePool& pool, const at::Tensor& x) {
  const SpatialWindow& w = pool.window;
  const auto& both = pool.padding.both;
  if (w.isEmpty()) return emptyOutput(w, x, x.size(1));
  const std::optional<int64_t> divisor = pool.padding.needsOutside() ? std::optional<int64_t>(1) : std::nullopt;
  const at::Tensor padded = pool.padding.pad(x, 0);
  return pool.threeAxes ? at::avg_pool3d(padded, w.kernel, w.strides, both, false, false, divisor)
                        : at::avg_pool2d(padded, w.kernel, w.strides, both, false, false, divisor);
}

at::Tensor poolBackward(const AveragePool& pool, const at::Tensor& dy, const at::Tensor& padded) {
  const SpatialWindow& w = pool.window;
  const auto& both = pool.padding.both;
  if (w.isEmpty()) return at::zeros_like(padded);
  const std::optional<int64_t> divisor = pool.padding.needsOutside() ? std::optional<int64_t>(1) : std::nullopt;
  return pool.threeAxes ? at::avg_pool3d_backward(dy, padded, w.kernel, w.strides, both, false, false, divisor)
                        : at::avg_pool2d_backward(dy, padded, w.kernel, w.strides, both, false, false, divisor);
}

Stored averagePool(const at::Tensor& x, const std::vector<int64_t>& numbers) {
  requireShapes(x.dim() * 5 == static_cast<int64_t>(numbers.size()) + 10, "avgPool",
                "x [n, .., c] of the window's rank", {x});
  const AveragePool pool = planAverage(x.sizes(), numbers);
  at::Tensor result = poolForward(pool, channelsSecond(x));
  if (pool.padding.needsOutside()) result.mul_(shares(pool, x.sizes(), result.options()));
  return store(channelsLast(result));
}

// d loss / d x for dy; x has `shape`.
Stored averagePoolGradient(const at::Tensor& dy, const std::vector<int64_t>& shape,
                           const std::vector<int64_t>& numbers) {
  const AveragePool pool = planAverage(shape, numbers);
  requireShapes(dy.dim() == static_cast<int64_t>(shape.size()) &&
                    dy.sizes().slice(1, pool.window.axes()) == at::IntArrayRef(pool.window.output),
                "avgPool's gradient", "dy of the pool's shape", {dy});
  at::Tensor gradient = channelsSecond(dy);
  if (pool.padding.needsOutside()) gradient = gradient * shares(pool, shape, gradient.options());
  const at::Tensor padded = pool.padding.padShape(shape, dy.options());
  return store(channelsLast(pool.padding.crop(poolBackward(pool, gradient, padded))));
}

}  // namespace

DNA_OP(averagePool)
DNA_OP(averagePoolGradient)

}  // namespace dna
