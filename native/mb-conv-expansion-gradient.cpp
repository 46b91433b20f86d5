// An MBConv's gradient through its first norm and the expansion to its input.
#include "mb-conv-backward.h"
#include "products.h"

namespace dna {

namespace {

class ExpansionStep : BackwardStep {
 public:
  ExpansionStep(MbConvBackward& pass, float* dx)
      : BackwardStep(pass),
        dx_(dx),
        transposed_(paddedColumns(pass.call.weights.expand, shape_.channels, shape_.inputs)) {}

  // Through the first norm and the expansion to the input.
  void expansion(const NormGradient& first, int64_t part) {
    const int64_t width = shape_.width(), inputs = shape_.inputs, inWidth = wholeVectors(inputs);
    const int64_t chunk = chunkRows(width);
    const bool whole = inWidth == inputs;
    auto gradient = AlignedFloats::unset(chunk * width), result = AlignedFloats::unset(whole ? 0 : chunk * inWidth);
    const int64_t end = pass_.endImage(part) * shape_.pixels();
    for (int64_t row = pass_.firstImage(part) * shape_.pixels(); row < end; row += chunk) {
      const int64_t rows = std::min(chunk, end - row);
      if (!shape_.keepsExpanded()) pass_.expansion.compute(row, rows, gradient.data());
      throughFirstNorm(first, row, rows, gradient.data());
      float* const dx = dx_ + row * inputs;
      float* const to = whole ? dx : result.data();
      multiply<false>(rows, {gradient.data(), width}, shape_.channels, {transposed_.data(), inWidth}, inWidth,
                      {to, inWidth, false});
      if (!whole) copyRows(to, inWidth, rows, inputs, dx);
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
    byColumns(0, rows, width, [=, &first](int64_t at, int64_t begin, int64_t end) {
      const NormGradientLanes norm = first.lanes(at);
      for (int64_t place = begin * width + at; place < end * width; place += width) {
        store(to + place, norm.input(load(g + place), load(x + place)));
      }
    });
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
