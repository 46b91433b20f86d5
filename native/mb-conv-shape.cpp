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

// All but the squeezed and the output channels; none where the window does not fit the filter and x.
std::optional<MbConvShape> windowed(const Extents& x, const Extents& filter, const MbConvWindow& window,
                                    int64_t channels) {
  if (x.size() != 4 || filter.size() != 4 || !isOffered(filter[0]) || !fits(window)) return {};
  const auto& [strides, padding] = window;
  const int64_t kernel = filter[0], stride = strides[0];
  MbConvShape shape;
  shape.inputs = x[3];
  shape.channels = channels;
  shape.depthwise = {x[0],
                     x[1],
                     x[2],
                     wholeVectors(channels),
                     outputsAlong(x[1], padding[0] + padding[1], kernel, stride),
                     outputsAlong(x[2], padding[2] + padding[3], kernel, stride),
                     kernel,
                     stride,
                     padding[0],
                     padding[2]};
  const bool some = x[0] * x[1] * x[2] * x[3] > 0 && shape.depthwise.outHeight > 0 && shape.depthwise.outWidth > 0;
  if (!some) return {};
  return shape;
}

}  // namespace

std::vector<Extents> MbConvShape::weightShapes() const {
  const int64_t kernel = depthwise.kernel;
  return {{inputs, channels},  {channels},          {channels}, {kernel, kernel, channels, 1}, {channels},
          {channels},          {channels, reduced}, {reduced},  {reduced, channels},           {channels},
          {channels, outputs}, {outputs},           {outputs}};
}

std::vector<Extents> MbConvShape::outputShapes() const {
  const DepthwiseShape& of = depthwise;
  return {result(),
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

std::optional<MbConvShape> mbConvShape(const Extents& x, const std::vector<Extents>& given,
                                       const MbConvWindow& window) {
  if (given.size() != WEIGHTS) return {};
  const std::vector<Extents> weights = asMatrices(given);
  for (const Place matrix : {EXPAND, REDUCE, PROJECT}) {
    if (weights[matrix].size() != 2) return {};
  }
  std::optional<MbConvShape> shape = windowed(x, weights[FILTER], window, weights[EXPAND][1]);
  if (!shape) return {};
  shape->reduced = weights[REDUCE][1];
  shape->outputs = weights[PROJECT][1];
  if (weights != shape->weightShapes()) return {};
  return shape;
}

std::optional<MbConvShape> mbConvFoldedShape(const Extents& x, const std::vector<Extents>& given,
                                             const MbConvWindow& window, bool residual) {
  const MbConvFoldedPlaces at(given.size());
  if (!at.fit) return {};
  std::vector<Extents> weights;
  for (const Extents& extents : given) weights.push_back(asMatrix(extents));
  if (weights[at.project].size() != 2 || (at.expands && weights[0].size() != 2)) return {};
  if (at.squeezes && weights[at.reduce].size() != 2) return {};
  const int64_t inner = at.expands ? weights[0][1] : x.back();
  std::optional<MbConvShape> shape = windowed(x, given[at.filter], window, inner);
  if (!shape) return {};
  const int64_t channels = shape->channels, kernel = shape->depthwise.kernel;
  shape->reduced = at.squeezes ? weights[at.reduce][1] : 0;
  shape->outputs = weights[at.project][1];
  std::vector<Extents> expected;
  if (at.expands) expected.insert(expected.end(), {{shape->inputs, channels}, {channels}});
  expected.insert(expected.end(), {{kernel, kernel, channels, 1}, {channels}});
  if (at.squeezes) {
    expected.insert(expected.end(),
                    {{channels, shape->reduced}, {shape->reduced}, {shape->reduced, channels}, {channels}});
  }
  expected.insert(expected.end(), {{channels, shape->outputs}, {shape->outputs}});
  if (weights != expected || (residual && shape->result() != x)) return {};
  return shape;
}

}  // namespace dna
