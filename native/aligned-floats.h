// Floats of whole vectors, aligned as they are: one that crosses a line of the cache takes twice as long.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "float-pool.h"

namespace dna {

inline int64_t wholeVectors(int64_t count) { return (count + LANES - 1) / LANES * LANES; }

class AlignedFloats {
 public:
  // Zeros.
  explicit AlignedFloats(int64_t count) : values_(allocate(wholeVectors(count))) {
    std::fill_n(values_.get(), wholeVectors(count), 0.0f);
  }

  // Whatever lies in the memory, for what is written before it is read.
  static AlignedFloats unset(int64_t count) { return AlignedFloats(allocate(wholeVectors(count))); }

  float* data() { return values_.get(); }
  const float* data() const { return values_.get(); }
  float& operator[](int64_t at) { return values_[at]; }
  float operator[](int64_t at) const { return values_[at]; }

 private:
  struct Free {
    int64_t floats;
    void operator()(float* values) const { FloatPool::ofThread().give(values, floats); }
  };
  using Values = std::unique_ptr<float[], Free>;

  explicit AlignedFloats(Values values) : values_(std::move(values)) {}

  static Values allocate(int64_t floats) { return Values(FloatPool::ofThread().take(floats), Free{floats}); }

  Values values_;
};

// Rows that begin every `pitch` floats, without what lies between them.
inline void copyRows(const float* from, int64_t pitch, int64_t rows, int64_t columns, float* to) {
  for (int64_t row = 0; row < rows; ++row, from += pitch, to += columns) {
    for (int64_t at = 0; at < columns; at += LANES) storePart(to + at, loadPart(from + at, columns - at), columns - at);
  }
}

// A matrix whose rows are padded with zeros to whole vectors.
class PaddedMatrix {
 public:
  PaddedMatrix(int64_t rows, int64_t columns) : rows_(rows), width_(wholeVectors(columns)), values_(rows * width_) {}

  // `at(row, column)` of a matrix of any order.
  template <typename Source>
  PaddedMatrix(int64_t rows, int64_t columns, Source&& at) : PaddedMatrix(rows, columns) {
    float* to = values_.data();
    for (int64_t row = 0; row < rows; ++row) {
      for (int64_t column = 0; column < columns; ++column) to[row * width_ + column] = at(row, column);
    }
  }

  int64_t rows() const { return rows_; }
  int64_t width() const { return width_; }
  float* data() { return values_.data(); }
  const float* data() const { return values_.data(); }

 private:
  int64_t rows_, width_;
  AlignedFloats values_;
};

inline AlignedFloats padded(const float* vector, int64_t count) {
  AlignedFloats values(count);
  std::copy_n(vector, count, values.data());
  return values;
}

// [rows, columns] in rows of whole vectors.
inline PaddedMatrix paddedRows(const float* from, int64_t rows, int64_t columns) {
  return {rows, columns, [&](int64_t row, int64_t column) { return from[row * columns + column]; }};
}

// The transposed of [columns, rows] in rows of whole vectors.
inline PaddedMatrix paddedColumns(const float* from, int64_t rows, int64_t columns) {
  return {rows, columns, [&](int64_t row, int64_t column) { return from[column * rows + row]; }};
}

// The sums of the parts of some work, in the parts' order, without the padding of their rows.
inline void addParts(const std::vector<PaddedMatrix>& parts, int64_t columns, float* to) {
  for (int64_t row = 0; row < parts[0].rows(); ++row) {
    for (int64_t at = 0; at < columns; ++at) {
      float total = 0;
      for (const PaddedMatrix& part : parts) total += part.data()[row * part.width() + at];
      *to++ = total;
    }
  }
}

}  // namespace dna
