#include "matrix-products.h"

#include <vector>

#include "aligned-floats.h"
#include "image-parts.h"
#include "parallel.h"
#include "products.h"

namespace dna {

namespace {

// Multiply-adds of a part at least, and parts at most: by the work alone, so that sums do not depend on the threads.
constexpr int64_t PART_MACS = 1024 * 1024, MOST_PARTS = 16;

int64_t partsOf(const ProductShape& shape) { return std::clamp<int64_t>(shape.macs() / PART_MACS, 1, MOST_PARTS); }

// Some rows of a result whose columns need not fill vectors.
class RowsOfResult {
 public:
  RowsOfResult(float* to, int64_t rows, int64_t columns)
      : to_(to),
        rows_(rows),
        columns_(columns),
        width_(wholeVectors(columns)),
        scratch_(AlignedFloats::unset(width_ == columns ? 0 : rows * width_)) {}

  Result target() { return {width_ == columns_ ? to_ : scratch_.data(), width_, false}; }

  void finish() const {
    if (width_ != columns_) copyRows(scratch_.data(), width_, rows_, columns_, to_);
  }

 private:
  float* const to_;
  const int64_t rows_, columns_, width_;
  AlignedFloats scratch_;
};

void multiplyRowParts(const ProductShape& shape, const float* a, Right b, float* c) {
  const int64_t width = wholeVectors(shape.columns);
  const ImageParts parts(shape.rows, partsOf(shape));
  parallel(parts.count, [&](int64_t part) {
    const int64_t first = parts.first(part), rows = parts.end(part, shape.rows) - first;
    RowsOfResult result(c + first * shape.columns, rows, shape.columns);
    multiply<false>(rows, {a + first * shape.depth, shape.depth}, shape.depth, b, width, result.target());
    result.finish();
  });
}

}  // namespace

void multiplyMatrices(const ProductShape& shape, const float* a, const float* b, float* c) {
  const int64_t width = wholeVectors(shape.columns);
  if (width == shape.columns) return multiplyRowParts(shape, a, {b, width}, c);
  const PaddedMatrix right = paddedRows(b, shape.depth, shape.columns);
  multiplyRowParts(shape, a, {right.data(), width}, c);
}

void multiplyByTransposed(const ProductShape& shape, const float* a, const float* b, float* c) {
  const PaddedMatrix right = paddedColumns(b, shape.depth, shape.columns);
  multiplyRowParts(shape, a, {right.data(), right.width()}, c);
}

void multiplyTransposed(const ProductShape& shape, const float* a, const float* b, float* c) {
  const int64_t columns = shape.columns, width = wholeVectors(columns);
  const ImageParts parts(shape.depth, partsOf(shape));
  std::vector<PaddedMatrix> sums;
  for (int64_t part = 0; part < parts.count; ++part) sums.emplace_back(shape.rows, columns);
  parallel(parts.count, [&](int64_t part) {
    const int64_t first = parts.first(part), depth = parts.end(part, shape.depth) - first;
    const PaddedMatrix copy = width == columns ? PaddedMatrix(0, 0) : paddedRows(b + first * columns, depth, columns);
    const float* right = width == columns ? b + first * columns : copy.data();
    multiply<true>(shape.rows, {a + first * shape.rows, shape.rows}, depth, {right, width}, width,
                   {sums[part].data(), width, true});
  });
  addParts(sums, columns, c);
}

}  // namespace dna
