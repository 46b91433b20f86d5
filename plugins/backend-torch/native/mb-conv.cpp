#include "mb-conv.h"

#include <cmath>

#include "shapes.h"

namespace dna {

namespace {

AlignedFloats padded(const at::Tensor& vector) {
  AlignedFloats values(vector.size(0));
  std::copy_n(vector.const_data_ptr<float>(), vector.size(0), values.data());
  return values;
}

PaddedMatrix paddedRows(const at::Tensor& matrix) {
  const float* from = matrix.const_data_ptr<float>();
  const int64_t columns = matrix.size(1);
  return {matrix.size(0), columns, [&](int64_t row, int64_t column) { return from[row * columns + column]; }};
}

bool isVector(const at::Tensor& tensor, int64_t size) { return tensor.dim() == 1 && tensor.size(0) == size; }

bool isMatrix(const at::Tensor& tensor, int64_t rows, int64_t columns) {
  return tensor.dim() == 2 && tensor.size(0) == rows && tensor.size(1) == columns;
}

bool fit(const at::Tensor& x, const std::vector<at::Tensor>& weights) {
  if (weights.size() != MB_CONV_WEIGHTS || x.dim() != 4 || x.numel() == 0) return false;
  if (weights[EXPAND].dim() != 2 || weights[REDUCE].dim() != 2 || weights[PROJECT].dim() != 2) return false;
  const int64_t channels = weights[EXPAND].size(1), reduced = weights[REDUCE].size(1), outputs = weights[PROJECT].size(1);
  const at::Tensor& filter = weights[FILTER];
  return weights[EXPAND].size(0) == x.size(3) && filter.dim() == 4 && filter.size(0) == filter.size(1) &&
         filter.size(2) == channels && filter.size(3) == 1 && isVector(weights[SCALE_1], channels) &&
         isVector(weights[OFFSET_1], channels) && isVector(weights[SCALE_2], channels) &&
         isVector(weights[OFFSET_2], channels) && isMatrix(weights[REDUCE], channels, reduced) &&
         isVector(weights[REDUCE_BIAS], reduced) && isMatrix(weights[EXCITE], reduced, channels) &&
         isVector(weights[EXCITE_BIAS], channels) && isMatrix(weights[PROJECT], channels, outputs) &&
         isVector(weights[SCALE_3], outputs) && isVector(weights[OFFSET_3], outputs);
}

}  // namespace

std::vector<at::Tensor> mbConvWeights(const std::vector<at::Tensor>& given) {
  std::vector<at::Tensor> weights;
  for (const at::Tensor& tensor : given) {
    const at::Tensor whole = tensor.contiguous();
    const bool pointwise = whole.dim() == 4 && whole.size(0) == 1 && whole.size(1) == 1;
    weights.push_back(pointwise ? whole.view({whole.size(2), whole.size(3)}) : whole);
  }
  return weights;
}

MbConvShape mbConvShape(const char* op, const at::Tensor& x, const std::vector<at::Tensor>& weights,
                        const std::vector<int64_t>& strides, const std::vector<int64_t>& padding) {
  const at::Tensor none, &expand = weights.empty() ? none : weights[EXPAND];
  requireShapes(fit(x, weights), op, "x [n, h, w, c] and the thirteen weights of an MBConv for its channels", {x, expand});
  MbConvShape shape;
  shape.inputs = x.size(3);
  shape.channels = weights[EXPAND].size(1);
  shape.reduced = weights[REDUCE].size(1);
  shape.outputs = weights[PROJECT].size(1);
  DepthwiseShape& depthwise = shape.depthwise;
  depthwise.batch = x.size(0);
  depthwise.height = x.size(1);
  depthwise.width = x.size(2);
  depthwise.channels = wholeVectors(shape.channels);
  depthwise.kernel = weights[FILTER].size(0);
  depthwise.stride = strides.at(0);
  depthwise.top = padding.at(0);
  depthwise.left = padding.at(2);
  const auto outputs = [&](int64_t size, int64_t border) { return (size + border - depthwise.kernel) / depthwise.stride + 1; };
  depthwise.outHeight = outputs(depthwise.height, padding[0] + padding.at(1));
  depthwise.outWidth = outputs(depthwise.width, padding[2] + padding.at(3));
  return shape;
}

Squeeze::Squeeze(const MbConvShape& shape, const std::vector<at::Tensor>& weights)
    : reduce(paddedRows(weights[REDUCE])),
      excite(paddedRows(weights[EXCITE])),
      reduceBias(padded(weights[REDUCE_BIAS])),
      exciteBias(padded(weights[EXCITE_BIAS])) {
  TORCH_INTERNAL_ASSERT(excite.width() == shape.width());
}

ChannelNorm::ChannelNorm(const at::Tensor& means, const at::Tensor& variances, const at::Tensor& scale,
                         const at::Tensor& offsets, double epsilon)
    : mean(padded(means)), factor(means.size(0)), gain(means.size(0)), offset(padded(offsets)) {
  for (int64_t channel = 0; channel < means.size(0); ++channel) {
    const double variance = variances.const_data_ptr<float>()[channel];
    factor[channel] = static_cast<float>(1 / std::sqrt(variance + epsilon));
    gain[channel] = factor[channel] * scale.const_data_ptr<float>()[channel];
  }
}

at::Tensor unpadded(const float* values, int64_t count) {
  at::Tensor vector = at::empty({count}, at::kFloat);
  std::copy_n(values, count, vector.mutable_data_ptr<float>());
  return vector;
}

at::Tensor unpadded(const float* values, int64_t rows, int64_t columns) {
  at::Tensor matrix = at::empty({rows, columns}, at::kFloat);
  for (int64_t row = 0; row < rows; ++row) {
    std::copy_n(values + row * wholeVectors(columns), columns, matrix.mutable_data_ptr<float>() + row * columns);
  }
  return matrix;
}

}  // namespace dna
