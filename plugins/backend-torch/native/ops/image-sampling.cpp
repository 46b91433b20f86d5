#include "image-sampling.h"

namespace dna {

namespace {

// The pixels at whole coordinates, `fill` outside.
at::Tensor pixelsAt(const at::Tensor& images, const at::Tensor& image, const at::Tensor& y, const at::Tensor& x,
                    const at::Tensor& fill) {
  const int64_t height = images.size(1), width = images.size(2), channels = images.size(3);
  const at::Tensor inside = (y >= 0).logical_and_(y < height).logical_and_(x >= 0).logical_and_(x < width);
  // Masked, not clamped: a NaN must not become an index.
  const at::Tensor row = y.masked_fill(inside.logical_not(), 0).to(at::kLong);
  const at::Tensor column = x.masked_fill(inside.logical_not(), 0).to(at::kLong);
  const at::Tensor index = (image * height + row) * width + column;
  std::vector<int64_t> shape = index.sizes().vec();
  shape.push_back(channels);
  const at::Tensor pixels = images.reshape({-1, channels}).index_select(0, index.flatten()).view(shape);
  return at::where(inside.unsqueeze(-1), pixels, fill.to(pixels.scalar_type()));
}

}  // namespace

at::Tensor samplePixels(const at::Tensor& images, const at::Tensor& image, const at::Tensor& y, const at::Tensor& x,
                        const at::Tensor& fill, bool bilinear) {
  if (!bilinear) return pixelsAt(images, image, (y + 0.5).floor_(), (x + 0.5).floor_(), fill);
  const at::Tensor top = y.floor(), left = x.floor();
  const at::Tensor down = (y - top).unsqueeze(-1).to(at::kFloat), right = (x - left).unsqueeze(-1).to(at::kFloat);
  const auto row = [&](const at::Tensor& at) {
    return at::lerp(pixelsAt(images, image, at, left, fill), pixelsAt(images, image, at, left + 1, fill), right);
  };
  return at::lerp(row(top), row(top + 1), down);
}

}  // namespace dna
