// tfjs's dilation2d (grey-scale morphology): the maximum over a window of x + filter, and its gradients. Of equal maxima
// of a window the first, row by row, has the whole gradient.
#include <algorithm>
#include <functional>
#include <limits>

#include "../bind.h"
#include "../shapes.h"
#include "spatial-window.h"

namespace dna {

namespace {

struct Dilation {
  SpatialWindow window;
  WindowPadding padding;
  // x [n, h, w, c], padded so that every window lies inside, in the type of the arithmetic.
  at::Tensor padded;
  at::Tensor filter;
};

at::ScalarType workingType(const at::Tensor& x) { return x.is_floating_point() ? x.scalar_type() : at::kDouble; }

Dilation planDilation(const at::Tensor& x, const at::Tensor& filter, const std::vector<int64_t>& numbers) {
  requireShapes(x.dim() == 4 && filter.dim() == 3 && x.size(3) == filter.size(2), "dilation2d",
                "x [n, h, w, c] and a filter [kh, kw, c]", {x, filter});
  SpatialWindow window = readWindow(numbers);
  std::vector<int64_t> amounts{0, 0};
  for (size_t axis : {1, 0}) {
    const int64_t covered = (window.output[axis] - 1) * window.strides[axis] + window.extent(axis);
    const int64_t after = covered - x.size(axis + 1) - window.before[axis];
    amounts.insert(amounts.end(), {window.before[axis], std::max<int64_t>(after, 0)});
  }
  const at::ScalarType type = workingType(x);
  const WindowPadding padding{{}, amounts};
  return {window, padding, padding.pad(x.to(type), -std::numeric_limits<double>::infinity()), filter.to(type)};
}

// What the filter's value (row, column) meets in a padded tensor: a view [n, oh, ow, c].
at::Tensor met(const SpatialWindow& w, const at::Tensor& padded, int64_t row, int64_t column) {
  const int64_t top = row * w.dilations[0], left = column * w.dilations[1];
  return padded.slice(1, top, top + (w.output[0] - 1) * w.strides[0] + 1, w.strides[0])
      .slice(2, left, left + (w.output[1] - 1) * w.strides[1] + 1, w.strides[1]);
}

using EachValue = std::function<void(int64_t row, int64_t column)>;

void forEachValue(const SpatialWindow& window, const EachValue& visit) {
  for (int64_t row = 0; row < window.kernel[0]; ++row) {
    for (int64_t column = 0; column < window.kernel[1]; ++column) visit(row, column);
  }
}

// The maxima, and which of the filter's values gave each.
std::tuple<at::Tensor, at::Tensor> maximaOf(const Dilation& dilation) {
  at::Tensor best, chosen;
  forEachValue(dilation.window, [&](int64_t row, int64_t column) {
    const at::Tensor sum = met(dilation.window, dilation.padded, row, column) + dilation.filter[row][column];
    if (!best.defined()) {
      best = sum;
      chosen = at::zeros_like(sum, at::kInt);
      return;
    }
    const at::Tensor more = sum > best;
    best = at::where(more, sum, best);
    chosen.masked_fill_(more, row * dilation.window.kernel[1] + column);
  });
  return {best, chosen};
}

at::Tensor dilate(const at::Tensor& x, const at::Tensor& filter, const std::vector<int64_t>& numbers) {
  return std::get<0>(maximaOf(planDilation(x, filter, numbers))).to(x.scalar_type());
}

// dy where the filter's value gave the maximum, else 0.
at::Tensor shareOf(const SpatialWindow& window, const at::Tensor& dy, const at::Tensor& chosen, int64_t row,
                   int64_t column) {
  return dy.masked_fill(chosen != row * window.kernel[1] + column, 0);
}

at::Tensor dilateInputGradient(const at::Tensor& x, const at::Tensor& filter, const at::Tensor& dy,
                               const std::vector<int64_t>& numbers) {
  const Dilation dilation = planDilation(x, filter, numbers);
  const at::Tensor chosen = std::get<1>(maximaOf(dilation));
  requireShapes(dy.sizes() == chosen.sizes(), "dilation2d's gradient", "dy of the result's shape", {dy, chosen});
  const at::Tensor dx = at::zeros_like(dilation.padded);
  forEachValue(dilation.window, [&](int64_t row, int64_t column) {
    met(dilation.window, dx, row, column).add_(shareOf(dilation.window, dy, chosen, row, column));
  });
  return dilation.padding.crop(dx).to(x.scalar_type());
}

at::Tensor dilateFilterGradient(const at::Tensor& x, const at::Tensor& filter, const at::Tensor& dy,
                                const std::vector<int64_t>& numbers) {
  const Dilation dilation = planDilation(x, filter, numbers);
  const at::Tensor chosen = std::get<1>(maximaOf(dilation));
  requireShapes(dy.sizes() == chosen.sizes(), "dilation2d's gradient", "dy of the result's shape", {dy, chosen});
  std::vector<at::Tensor> sums;
  forEachValue(dilation.window, [&](int64_t row, int64_t column) {
    sums.push_back(shareOf(dilation.window, dy, chosen, row, column).sum(at::IntArrayRef{0, 1, 2}));
  });
  return at::stack(sums).view(filter.sizes()).to(filter.scalar_type());
}

}  // namespace

DNA_OP(dilate)
DNA_OP(dilateInputGradient)
DNA_OP(dilateFilterGradient)

}  // namespace dna
