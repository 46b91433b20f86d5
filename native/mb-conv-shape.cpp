#include "mb-conv-shape.h"

namespace dna {

namespace {

enum Place { EXPAND = 0, FILTER = 3, REDUCE = 6, EXCITE = 8, PROJECT = 10, WEIGHTS = 13 };

Extents asMatrix(const Extents& shape) {
  const bool pointwise = shape.size() == 4 && shape[0] == 1 && shape[1] == 1;
  return pointwise ? Extents{shape[2], shape[3]} : shape;
}

std::vector<Extents> asMatrices(std::vector<Extents> weights) {
  for (const Place place : {EXPAND, REDUCE, EXCITE, PROJECT}) weights[place] = asMatrix(weights[place]);
  return weights;
}

int64_t outputsAlong(int64_t size, int64_t border, int64_t kernel, int64_t stride) {
  return (size + border - kernel) / stride + 1;
}

// Filters that the passes have loops for.
bool isOffered(int64_t kernel) { return kernel == 3 || kernel == 5 || kernel == 7; }

bool fits(const MbConvWindow& window) {
  const auto& [strides, padding] = window;
  return strides.size() == 2 && padding.size() == 4 && strides[0] == strides[1] && strides[0] > 0;
}

}  // namespace

std::vector<Extents> MbConvShape::weightShapes() const {
  const int64_t kernel = depthwise.kernel;
  return {{inputs, channels},  {channels}, {channels},          {kernel, kernel, channels, 1}, {channels}, {channels},
          {channels, reduced}, {reduced},  {reduced, channels}, {channels},
          {channels, outputs}, {outputs},  {outputs}};
}

std::vector<Extents> MbConvShape::outputShapes() const {
  const DepthwiseShape& of = depthwise;
  return {{of.batch, of.outHeight, of.outWidth, outputs},
          {channels},
          {channels},
          {channels},
          {channels},
          {outputs},
          {outputs},
          keepsExpanded() ? Extents{of.batch, of.height, of.width, width()} : Extents{0},
          {of.batch, of.outHeight, of.outWidth, width()},
          {of.batch, of.outHeight, of.outWidth, outWidth()},
          {of.batch, channels},
          {of.batch, channels}};
}

std::optional<MbConvShape> mbConvShape(const Extents& x, const std::vector<Extents>& given, const MbConvWindow& window) {
  if (x.size() != 4 || given.size() != WEIGHTS || !fits(window)) return {};
  const std::vector<Extents> weights = asMatrices(given);
  for (const Place matrix : {EXPAND, REDUCE, PROJECT}) {
    if (weights[matrix].size() != 2) return {};
  }
  if (weights[FILTER].size() != 4 || !isOffered(weights[FILTER][0])) return {};
  MbConvShape shape;
  shape.inputs = x[3];
  shape.channels = weights[EXPAND][1];
  shape.reduced = weights[REDUCE][1];
  shape.outputs = weights[PROJECT][1];
  const int64_t kernel = weights[FILTER][0], stride = window.strides[0];
  const Extents& padding = window.padding;
  shape.depthwise = {x[0], x[1], x[2], wholeVectors(shape.channels),
                     outputsAlong(x[1], padding[0] + padding[1], kernel, stride),
                     outputsAlong(x[2], padding[2] + padding[3], kernel, stride), kernel, stride, padding[0], padding[2]};
  const bool some = x[0] * x[1] * x[2] * x[3] > 0 && shape.depthwise.outHeight > 0 && shape.depthwise.outWidth > 0;
  if (!some || weights != shape.weightShapes()) return {};
  return shape;
}

}  // namespace dna
