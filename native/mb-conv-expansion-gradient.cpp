// An MBConv's gradient through its first norm and the expansion to its input.
#include "mb-conv-backward.h"
#include "products.h"

namespace dna {

namespace {

class ExpansionStep : BackwardStep {
 public:
  ExpansionStep(MbConvBackward& pass, float* dx)
      : BackwardStep(pass), dx_(dx), transposed_(paddedColumns(pass.call.weights.expand, shape_.channels, shape_.inputs)) {}

  // Through the first norm and the expansion to the input.
  void expansion(const NormGradient& first, int64_t part) {
    const int64_t width = shape_.width(), inputs = shape_.inputs, inWidth = wholeVectors(inputs);
    const int64_t chunk = chunkRows(width);
    auto gradient = AlignedFloats::unset(chunk * width), result = AlignedFloats::unset(chunk * inWidth);
    const int64_t end = pass_.endImage(part) * shape_.pixels();
    for (int64_t row = pass_.firstImage(part) * shape_.pixels(); row < end; row += chunk) {
      const int64_t rows = std::min(chunk, end - row);
      if (!shape_.keepsExpanded()) pass_.expansion.compute(row, rows, gradient.data());
      throughFirstNorm(first, row, rows, gradient.data());
      multiply<false>(rows, {gradient.data(), width}, shape_.channels, {transposed_.data(), inWidth}, inWidth,
                      {result.data(), inWidth, false});
      float* to = dx_ + row * inputs;
      for (int64_t at = 0; at < rows; ++at) std::copy_n(result.data() + at * inWidth, inputs, to + at * inputs);
      const float* x = pass_.call.x + row * inputs;
      multiply<true>(inputs, {x, inputs}, rows, {gradient.data(), width}, width,
                     {pass_.sums[part].expand.data(), width, true});
    }
  }

 private:
  // The expanded rows lie where their gradient goes to, unless they are kept.
  void throughFirstNorm(const NormGradient& first, int64_t row, int64_t rows, float* to) const {
    const int64_t width = shape_.width();
    const float* g = maps_.inner + row * width;
    const float* x = shape_.keepsExpanded() ? kept_.expanded + row * width : to;
    for (int64_t place = 0; place < rows * width; place += width) {
      for (int64_t at = 0; at < width; at += LANES) {
        store(to + place + at, first.input(load(g + place + at), pass_.norm1.standard(load(x + place + at), at), at));
      }
    }
  }

  float* const dx_;
  const PaddedMatrix transposed_;
};

}  // namespace

void gradientOfExpansion(MbConvBackward& pass, const NormGradient& first, float* dx) {
  ExpansionStep step(pass, dx);
  pass.overParts([&](int64_t part) { step.expansion(first, part); });
}

}  // namespace dna
