// tfjs's geometric image ops on [n, h, w, c]: cropAndResize, transform, rotateWithOffset, flipLeftRight.
#include <cmath>

#include "../bind.h"
#include "../shapes.h"
#include "image-sampling.h"

namespace dna {

namespace {

at::Tensor numbersTo(int64_t count, const at::Tensor& like) {
  return at::arange(count, at::TensorOptions(at::kDouble).device(like.device()));
}

at::Tensor asDouble(const at::Tensor& x) { return x.to(at::kDouble); }

at::Tensor scalarLike(double value, const at::Tensor& like) { return at::full({}, value, like.options()); }

// Where a crop of `count` values samples the axis of `extent` values between the relative places from and to: [boxes, count].
at::Tensor cropPlaces(const at::Tensor& from, const at::Tensor& to, int64_t extent, int64_t count) {
  const double last = static_cast<double>(extent - 1);
  const at::Tensor start = from.unsqueeze(1), end = to.unsqueeze(1);
  if (count == 1) return (start + end) * (0.5 * last);
  return start * last + numbersTo(count, from) * ((end - start) * last / static_cast<double>(count - 1));
}

// Places outside of the axis, which a crop fills: between its last value and the next one too.
at::Tensor outsideOf(const at::Tensor& places, int64_t extent) {
  return (places < 0).logical_or_(places > static_cast<double>(extent - 1));
}

// images [n, h, w, c], boxes [k, (y1, x1, y2, x2)] relative, the image of each box [k]: [k, height, width, c].
at::Tensor cropAndResize(const at::Tensor& images, const at::Tensor& boxes, const at::Tensor& boxImages, int64_t height,
                         int64_t width, bool bilinear, double extrapolation) {
  requireShapes(images.dim() == 4 && boxes.dim() == 2 && boxes.size(1) == 4, "cropAndResize",
                "images [n, h, w, c] and boxes [k, 4]", {images, boxes});
  const at::Tensor corners = asDouble(boxes);
  const at::Tensor y = cropPlaces(corners.select(1, 0), corners.select(1, 2), images.size(1), height).unsqueeze(2);
  const at::Tensor x = cropPlaces(corners.select(1, 1), corners.select(1, 3), images.size(2), width).unsqueeze(1);
  const at::Tensor image = boxImages.to(at::kLong).view({-1, 1, 1});
  const at::Tensor known = (image >= 0).logical_and_(image < images.size(0));
  const at::Tensor fill = scalarLike(extrapolation, images.to(at::kFloat));
  const std::vector<int64_t> shape{boxes.size(0), height, width};
  const at::Tensor crops = samplePixels(images.to(at::kFloat), image.clamp(0, images.size(0) - 1), y.expand(shape),
                                        x.expand(shape), fill, bilinear);
  const at::Tensor outside = outsideOf(y, images.size(1)).logical_or(outsideOf(x, images.size(2))).unsqueeze(-1);
  return at::where(known.unsqueeze(-1), at::where(outside, fill, crops), scalarLike(0, fill));
}

// -- transform: coordinates beyond the image, by fill mode ------------------------------------------------------------

// [dcba|abcd|dcba]
at::Tensor reflected(const at::Tensor& place, int64_t extent) {
  const double period = 2.0 * extent;
  const at::Tensor turns = (-place / period).trunc_();
  const at::Tensor below = place + turns * period;
  const at::Tensor negative = at::where(below < -extent, below + period, -below - 1);
  const at::Tensor above = place - (place / period).trunc_() * period;
  const at::Tensor positive = at::where(above >= extent, period - above - 1, above);
  return at::where(place < 0, negative, at::where(place > extent - 1, positive, place));
}

// [abcd|abcd|abcd]
at::Tensor wrapped(const at::Tensor& place, int64_t extent) {
  const double last = static_cast<double>(extent - 1);
  const at::Tensor negative = place + ((-place / last).trunc_() + 1) * static_cast<double>(extent);
  const at::Tensor positive = place - (place / last).trunc_() * static_cast<double>(extent);
  return at::where(place < 0, negative, at::where(place > last, positive, place));
}

at::Tensor mapped(const at::Tensor& place, int64_t extent, const std::string& mode) {
  if (mode == "constant") return place;
  if (extent <= 1) return at::zeros_like(place);
  at::Tensor inside = place;
  if (mode == "reflect") inside = reflected(place, extent);
  if (mode == "wrap") inside = wrapped(place, extent);
  return inside.clamp(0, static_cast<double>(extent - 1));
}

// images [n, h, w, c] under projective transforms [n or 1, 8] that map places of the result to places of the image:
// [n, height, width, c].
at::Tensor transformImages(const at::Tensor& images, const at::Tensor& transforms, int64_t height, int64_t width,
                           bool bilinear, const std::string& fillMode, double fillValue) {
  requireShapes(images.dim() == 4 && transforms.dim() == 2 && transforms.size(1) == 8, "transform",
                "images [n, h, w, c] and transforms [n or 1, 8]", {images, transforms});
  const at::Tensor factors = asDouble(transforms);
  const auto factor = [&](int64_t index) { return factors.select(1, index).view({-1, 1, 1}); };
  const at::Tensor x = numbersTo(width, images).view({1, 1, -1}), y = numbersTo(height, images).view({1, -1, 1});
  const at::Tensor projection = factor(6) * x + factor(7) * y + 1;
  const at::Tensor sourceX = (factor(0) * x + factor(1) * y + factor(2)) / projection;
  const at::Tensor sourceY = (factor(3) * x + factor(4) * y + factor(5)) / projection;
  // A projection of 0 looks at infinity, which no image reaches.
  const at::Tensor infinite = projection == 0;
  const at::Tensor safeX = mapped(sourceX.masked_fill(infinite, 0), images.size(2), fillMode);
  const at::Tensor safeY = mapped(sourceY.masked_fill(infinite, 0), images.size(1), fillMode);
  const std::vector<int64_t> shape{images.size(0), height, width};
  const at::Tensor image = numbersTo(images.size(0), images).to(at::kLong).view({-1, 1, 1});
  const at::Tensor fill = scalarLike(fillValue, images.to(at::kFloat));
  const at::Tensor pixels =
      samplePixels(images.to(at::kFloat), image, safeY.expand(shape), safeX.expand(shape), fill, bilinear);
  return at::where(infinite.expand(shape).unsqueeze(-1), fill, pixels).to(images.scalar_type());
}

// images [n, h, w, c] turned by `radians` about (centerX, centerY) in pixels; `fill` has a value, or one a channel.
at::Tensor rotateImages(const at::Tensor& images, double radians, double centerX, double centerY,
                        const std::vector<double>& fill) {
  requireShapes(images.dim() == 4, "rotateWithOffset", "images [n, h, w, c]", {images});
  const double sine = std::sin(radians), cosine = std::cos(radians);
  const at::Tensor x = numbersTo(images.size(2), images).view({1, 1, -1}) - centerX;
  const at::Tensor y = numbersTo(images.size(1), images).view({1, -1, 1}) - centerY;
  const std::vector<int64_t> shape{images.size(0), images.size(1), images.size(2)};
  const at::Tensor sourceX = (x * cosine - y * sine + centerX).expand(shape);
  const at::Tensor sourceY = (x * sine + y * cosine + centerY).expand(shape);
  const at::Tensor image = numbersTo(images.size(0), images).to(at::kLong).view({-1, 1, 1});
  const at::Tensor filling = at::tensor(fill, at::kDouble).to(images.options());
  return samplePixels(images, image, sourceY, sourceX, filling, false);
}

Stored flipLeftRight(const Stored& images) { return {images.tensor.flip({2})}; }

}  // namespace

DNA_OP(cropAndResize)
DNA_OP(transformImages)
DNA_OP(rotateImages)
DNA_OP(flipLeftRight)

}  // namespace dna
