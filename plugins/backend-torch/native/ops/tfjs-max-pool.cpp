// tfjs's pools of maxima over two or three axes, their gradient, and where the maxima stood.
#include <limits>

#include "../bind.h"
#include "../shapes.h"
#include "spatial-window.h"

namespace dna {

namespace {

constexpr double LOWEST = -std::numeric_limits<double>::infinity();

struct Pool {
  SpatialWindow window;
  WindowPadding padding;
};

Pool planPool(const char* op, const at::Tensor& x, const std::vector<int64_t>& numbers) {
  requireShapes(x.dim() * 5 == static_cast<int64_t>(numbers.size()) + 10, op, "x [n, .., c] of the window's rank", {x});
  SpatialWindow window = readWindow(numbers);
  WindowPadding padding = paddingFor(window, x.sizes().slice(1, window.axes()), true);
  return {std::move(window), std::move(padding)};
}

// [n, c, ..] in a type that torch pools, padded; without NaN, which tfjs's maximum passes over.
at::Tensor pooled(const Pool& pool, const at::Tensor& x) {
  const at::Tensor input = channelsSecond(x.is_floating_point() ? x : x.to(at::kDouble));
  const at::Tensor numbers = input.is_floating_point() && x.is_floating_point()
                                 ? at::fmax(input, at::full({}, LOWEST, input.options()))
                                 : input;
  return pool.padding.pad(numbers, LOWEST);
}

// Maxima and their places in the padded input's space, flattened.
std::tuple<at::Tensor, at::Tensor> maximaOf(const Pool& pool, const at::Tensor& padded) {
  const SpatialWindow& w = pool.window;
  const auto& both = pool.padding.both;
  if (w.isEmpty()) {
    const at::Tensor nothing = emptyOutput(w, padded, padded.size(1));
    return {nothing, nothing.to(at::kLong)};
  }
  if (w.axes() == 2) return at::max_pool2d_with_indices(padded, w.kernel, w.strides, both, w.dilations);
  return at::max_pool3d_with_indices(padded, w.kernel, w.strides, both, w.dilations);
}

Stored maxPool(const Stored& x, const std::vector<int64_t>& numbers) {
  const Pool pool = planPool("maxPool", x.tensor, numbers);
  const at::Tensor maxima = std::get<0>(maximaOf(pool, pooled(pool, x.tensor)));
  return {channelsLast(maxima).to(x.tensor.scalar_type())};
}

at::Tensor backward(const Pool& pool, const at::Tensor& dy, const at::Tensor& padded, const at::Tensor& places) {
  const SpatialWindow& w = pool.window;
  const auto& both = pool.padding.both;
  if (w.isEmpty()) return at::zeros_like(padded);
  const auto gradient = w.axes() == 2 ? at::max_pool2d_with_indices_backward : at::max_pool3d_with_indices_backward;
  return gradient(dy, padded, w.kernel, w.strides, both, w.dilations, false, places);
}

// d loss / d x for dy; of equal maxima of a window the first has it all.
Stored maxPoolGradient(const at::Tensor& dy, const at::Tensor& x, const std::vector<int64_t>& numbers) {
  const Pool pool = planPool("maxPool's gradient", x, numbers);
  const at::Tensor padded = pooled(pool, x);
  const auto [maxima, places] = maximaOf(pool, padded);
  const at::Tensor gradient = channelsSecond(dy.to(padded.scalar_type()));
  requireShapes(gradient.sizes() == maxima.sizes(), "maxPool's gradient", "dy of the pool's shape", {dy, x});
  const at::Tensor dx = backward(pool, gradient, padded, places);
  return store(channelsLast(pool.padding.crop(dx)).to(at::kFloat));
}

// Places in the padded plane, [n, c, h, w], as tfjs numbers them: in [h, w, c], or in [n, h, w, c] with the batch.
at::Tensor tfjsPlaces(const at::Tensor& places, const Pool& pool, at::IntArrayRef shape, bool withBatch) {
  const auto& outside = pool.padding.outside;
  const int64_t height = shape[1], width = shape[2], channels = shape[3];
  const int64_t paddedWidth = width + outside[0] + outside[1];
  const at::Tensor rows = places.div(paddedWidth, "floor") - outside[2];
  const at::Tensor columns = places.remainder(paddedWidth) - outside[0];
  at::Tensor numbers = channelsLast((rows * width + columns) * channels) + at::arange(channels, places.options());
  if (!withBatch) return numbers;
  const at::Tensor images = at::arange(shape[0], places.options()) * (height * width * channels);
  return numbers + images.view({-1, 1, 1, 1});
}

std::tuple<Stored, at::Tensor> maxPoolWithArgmax(const Stored& x, const std::vector<int64_t>& numbers,
                                                 bool includeBatchInIndex) {
  const Pool pool = planPool("maxPoolWithArgmax", x.tensor, numbers);
  const auto [maxima, places] = maximaOf(pool, pooled(pool, x.tensor));
  return {Stored{channelsLast(maxima).to(x.tensor.scalar_type())},
          tfjsPlaces(places, pool, x.tensor.sizes(), includeBatchInIndex)};
}

}  // namespace

DNA_OP(maxPool)
DNA_OP(maxPoolGradient)
DNA_OP(maxPoolWithArgmax)

}  // namespace dna
