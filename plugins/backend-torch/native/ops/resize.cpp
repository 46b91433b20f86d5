// TensorFlow's resizing of images [n, h, w, c] in its three conventions of where a pixel's centre is, and the gradients.
#include <algorithm>
#include <cmath>

#include "../bind.h"
#include "../shapes.h"

namespace dna {

namespace {

// For each place of the resized axis: which values of the axis it reads, and how much of the second.
struct AxisReads {
  at::Tensor low;
  at::Tensor high;
  at::Tensor weight;
};

struct Convention {
  bool alignCorners;
  bool halfPixelCenters;
};

double stepOf(int64_t from, int64_t to, bool alignCorners) {
  if (alignCorners && to > 1) return static_cast<double>(from - 1) / static_cast<double>(to - 1);
  return static_cast<double>(from) / static_cast<double>(to);
}

at::Tensor onDevice(const std::vector<int64_t>& indices, const at::Tensor& like) {
  return at::tensor(indices, at::kLong).to(like.device());
}

AxisReads bilinearReads(int64_t from, int64_t to, Convention convention, const at::Tensor& like) {
  const double step = stepOf(from, to, convention.alignCorners);
  std::vector<int64_t> low, high;
  std::vector<double> weight;
  for (int64_t place = 0; place < to; ++place) {
    const double source = convention.halfPixelCenters ? (place + 0.5) * step - 0.5 : place * step;
    low.push_back(std::clamp<int64_t>(static_cast<int64_t>(std::floor(source)), 0, from - 1));
    high.push_back(std::clamp<int64_t>(static_cast<int64_t>(std::ceil(source)), 0, from - 1));
    weight.push_back(source - static_cast<double>(low.back()));
  }
  return {onDevice(low, like), onDevice(high, like), at::tensor(weight, at::kDouble).to(like.options())};
}

at::Tensor nearestReads(int64_t from, int64_t to, Convention convention, const at::Tensor& like) {
  const double step = stepOf(from, to, convention.alignCorners);
  std::vector<int64_t> reads;
  for (int64_t place = 0; place < to; ++place) {
    const double source = convention.halfPixelCenters ? (place + 0.5) * step : place * step;
    const double nearest = convention.alignCorners ? std::floor(source + 0.5) : std::floor(source);
    reads.push_back(std::clamp<int64_t>(static_cast<int64_t>(nearest), 0, from - 1));
  }
  return onDevice(reads, like);
}

// A vector along an axis of [n, h, w, c].
at::Tensor along(const at::Tensor& values, int64_t axis) {
  std::vector<int64_t> shape(4, 1);
  shape[axis] = -1;
  return values.view(shape);
}

at::Tensor interpolate(const at::Tensor& x, int64_t axis, int64_t to, Convention convention) {
  if (x.size(axis) == to && !convention.alignCorners && !convention.halfPixelCenters) return x;
  const AxisReads reads = bilinearReads(x.size(axis), to, convention, x);
  return at::lerp(x.index_select(axis, reads.low), x.index_select(axis, reads.high), along(reads.weight, axis));
}

at::Tensor interpolateGradient(const at::Tensor& dy, int64_t axis, int64_t from, Convention convention) {
  const AxisReads reads = bilinearReads(from, dy.size(axis), convention, dy);
  std::vector<int64_t> shape = dy.sizes().vec();
  shape[axis] = from;
  const at::Tensor second = dy * along(reads.weight, axis);
  at::Tensor dx = at::zeros(shape, dy.options());
  return dx.index_add_(axis, reads.low, dy - second).index_add_(axis, reads.high, second);
}

void requireImages(const at::Tensor& x, const char* op) { requireShapes(x.dim() == 4, op, "images [n, h, w, c]", {x}); }

Stored resizeBilinear(const at::Tensor& x, int64_t height, int64_t width, bool alignCorners, bool halfPixelCenters) {
  requireImages(x, "resizeBilinear");
  const Convention convention{alignCorners, halfPixelCenters};
  return store(interpolate(interpolate(x.to(at::kFloat), 1, height, convention), 2, width, convention));
}

// d loss / d images for dy, where the images were [n, height, width, c].
Stored resizeBilinearGradient(const at::Tensor& dy, int64_t height, int64_t width, bool alignCorners,
                              bool halfPixelCenters) {
  requireImages(dy, "resizeBilinear's gradient");
  const Convention convention{alignCorners, halfPixelCenters};
  return store(interpolateGradient(interpolateGradient(dy, 2, width, convention), 1, height, convention));
}

Stored resizeNearest(const Stored& x, int64_t height, int64_t width, bool alignCorners, bool halfPixelCenters) {
  requireImages(x.tensor, "resizeNearestNeighbor");
  const Convention convention{alignCorners, halfPixelCenters};
  const at::Tensor rows = nearestReads(x.tensor.size(1), height, convention, x.tensor);
  const at::Tensor columns = nearestReads(x.tensor.size(2), width, convention, x.tensor);
  return {x.tensor.index_select(1, rows).index_select(2, columns)};
}

at::Tensor nearestGradient(const at::Tensor& dy, int64_t axis, int64_t from, Convention convention) {
  std::vector<int64_t> shape = dy.sizes().vec();
  shape[axis] = from;
  const at::Tensor reads = nearestReads(from, dy.size(axis), convention, dy);
  return at::zeros(shape, dy.options()).index_add_(axis, reads, dy);
}

// d loss / d images for dy, where the images were [n, height, width, c].
Stored resizeNearestGradient(const at::Tensor& dy, int64_t height, int64_t width, bool alignCorners,
                             bool halfPixelCenters) {
  requireImages(dy, "resizeNearestNeighbor's gradient");
  const Convention convention{alignCorners, halfPixelCenters};
  return store(nearestGradient(nearestGradient(dy, 2, width, convention), 1, height, convention));
}

}  // namespace

DNA_OP(resizeBilinear)
DNA_OP(resizeBilinearGradient)
DNA_OP(resizeNearest)
DNA_OP(resizeNearestGradient)

}  // namespace dna
