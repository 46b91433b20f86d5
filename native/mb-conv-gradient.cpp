// The gradient of a whole MBConv in training: its steps, and the weights' gradients added up over the parts of the batch.
#include "mb-conv-backward.h"

namespace dna {

namespace {

void addTo(float* sum, const float* values, int64_t count) {
  for (int64_t at = 0; at < count; ++at) sum[at] += values[at];
}

void addTo(PaddedMatrix& sum, const PaddedMatrix& values) {
  addTo(sum.data(), values.data(), sum.rows() * sum.width());
}

// All parts' sums, in the parts' order.
WeightSums& added(MbConvBackward& pass) {
  WeightSums& all = pass.sums[0];
  for (size_t part = 1; part < pass.sums.size(); ++part) {
    const WeightSums& other = pass.sums[part];
    addTo(all.expand, other.expand);
    addTo(all.project, other.project);
    addTo(all.reduce, other.reduce);
    addTo(all.excite, other.excite);
    addTo(all.reduceBias.data(), other.reduceBias.data(), pass.shape.reduced);
    addTo(all.exciteBias.data(), other.exciteBias.data(), pass.shape.channels);
    addTo(all.filter.data(), other.filter.data(), pass.shape.taps() * pass.shape.width());
  }
  return all;
}

// Without the padding of its rows.
void write(const PaddedMatrix& matrix, int64_t columns, float* to) {
  copyRows(matrix.data(), matrix.width(), matrix.rows(), columns, to);
}

void writeTransposed(const PaddedMatrix& matrix, int64_t columns, float* to) {
  for (int64_t column = 0; column < columns; ++column) {
    for (int64_t row = 0; row < matrix.rows(); ++row) *to++ = matrix.data()[row * matrix.width() + column];
  }
}

void write(const NormGradient& norm, int64_t channels, float* scale, float* offset) {
  std::copy_n(norm.dscale.data(), channels, scale);
  std::copy_n(norm.doffset.data(), channels, offset);
}

// [block][tap][lane] → [kernel, kernel, channels, 1]
void writeFilter(const AlignedFloats& sums, const MbConvShape& shape, float* to) {
  for (int64_t tap = 0; tap < shape.taps(); ++tap) {
    for (int64_t channel = 0; channel < shape.channels; ++channel) {
      to[tap * shape.channels + channel] = sums[(channel / LANES * shape.taps() + tap) * LANES + channel % LANES];
    }
  }
}

}  // namespace

MbConvBackward::MbConvBackward(const MbConvCall& of, const float* gradient, const MbConvKept& saved,
                               const MbConvMaps& memory)
    : call(of),
      shape(of.shape),
      dy(gradient),
      kept(saved),
      maps(memory),
      parts(shape.batch(), mbConvParts(shape)),
      expansion(of, saved.expanded),
      squeeze(shape, of.weights),
      norm1({kept.mean1, kept.variance1, of.weights.scale1, of.weights.offset1}, shape.channels, of.epsilon),
      norm2({kept.mean2, kept.variance2, of.weights.scale2, of.weights.offset2}, shape.channels, of.epsilon),
      norm3({kept.mean3, kept.variance3, of.weights.scale3, of.weights.offset3}, shape.outputs, of.epsilon) {
  for (int64_t part = 0; part < parts.count; ++part) sums.emplace_back(shape);
}

void mbConvGradient(const MbConvCall& call, const float* dy, const MbConvKept& kept, const MbConvMaps& maps,
                    const MbConvGradients& gradients) {
  MbConvBackward pass(call, dy, kept, maps);
  const MbConvShape& shape = call.shape;
  const NormGradient third = gradientOfLastNorm(pass);
  const NormGradient second = gradientOfProjection(pass, third);
  const NormGradient first = gradientOfDepthwise(pass, second);
  gradientOfExpansion(pass, first, gradients.x);
  write(first, shape.channels, gradients.scale1, gradients.offset1);
  write(second, shape.channels, gradients.scale2, gradients.offset2);
  write(third, shape.outputs, gradients.scale3, gradients.offset3);
  const WeightSums& all = added(pass);
  write(all.expand, shape.channels, gradients.expand);
  writeFilter(all.filter, shape, gradients.filter);
  writeTransposed(all.reduce, shape.channels, gradients.reduce);
  write(all.excite, shape.channels, gradients.excite);
  write(all.project, shape.outputs, gradients.project);
  std::copy_n(all.reduceBias.data(), shape.reduced, gradients.reduceBias);
  std::copy_n(all.exciteBias.data(), shape.channels, gradients.exciteBias);
}

}  // namespace dna
