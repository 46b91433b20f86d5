// Products of matrices as they lie in tensors, rows one after the other: those of linear layers and 1×1 convolutions.
#pragma once

#include <cstdint>

namespace dna {

// Rows of the left, inner extent, columns of the right.
struct ProductShape {
  int64_t rows, depth, columns;

  int64_t macs() const { return rows * depth * columns; }
};

// a [rows, depth] · b [depth, columns] → c
void multiplyMatrices(const ProductShape& shape, const float* a, const float* b, float* c);
// a [rows, depth] · bᵀ of b [columns, depth] → c
void multiplyByTransposed(const ProductShape& shape, const float* a, const float* b, float* c);
// aᵀ of a [depth, rows] · b [depth, columns] → c
void multiplyTransposed(const ProductShape& shape, const float* a, const float* b, float* c);

}  // namespace dna
