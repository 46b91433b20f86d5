// Products of tall, narrow matrices, as 1×1 convolutions and their gradients are on a part of a batch that is still in
// the cache. Sums are kept in registers; all widths are whole vectors.
#pragma once

#include <algorithm>

#include "lanes.h"

namespace dna {

// One operand as it lies: rows of `pitch` floats, or, transposed, its columns.
template <bool transposed>
struct Operand {
  const float* values;
  int64_t pitch;

  float at(int64_t row, int64_t column) const {
    return transposed ? values[column * pitch + row] : values[row * pitch + column];
  }
  Operand from(int64_t row, int64_t column) const {
    return {transposed ? values + column * pitch + row : values + row * pitch + column, pitch};
  }
};

constexpr int MOST_VECTORS = REGISTERS / 8;
// Rows of a tile by its vectors: as many sums as there are registers.
constexpr int tileRows(int vectors) {
  if (REGISTERS == 16) return vectors == 2 ? 6 : 12;
  return vectors == 4 ? 6 : vectors == 3 ? 8 : vectors == 2 ? 12 : 14;
}
// Of the inner dimension at a time: what a tile reads of the right operand stays in the nearest cache.
constexpr int64_t DEPTH = 192;
// Floats of the left operand at a time: they stay in the cache behind it.
constexpr int64_t BAND = 16 * 1024;

// The other operand, and what is written: rows of `pitch` floats.
struct Right {
  const float* values;
  int64_t pitch;

  Right from(int64_t row, int64_t column) const { return {values + row * pitch + column, pitch}; }
};

struct Result {
  float* values;
  int64_t pitch;
  // Whether the product is added to what is there.
  bool add;

  Result from(int64_t row, int64_t column) const { return {values + row * pitch + column, pitch, add}; }
};

// `Left` is an `Operand`, or anything else that tells a value by row and column. Not inlined: beside other loops g++ runs
// out of registers, and keeps sums in memory.
template <int rows, int vectors, typename Left>
[[gnu::noinline]] void multiplyTile(Left a, int64_t depth, Right b, Result c) {
  Lanes sums[rows][vectors];
#pragma GCC unroll 16
  for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 4
    for (int vector = 0; vector < vectors; ++vector) {
      sums[row][vector] = c.add ? load(c.values + row * c.pitch + vector * LANES) : splat(0.0f);
    }
  }
  const float* from = b.values;
  for (int64_t k = 0; k < depth; ++k, from += b.pitch) {
    Lanes right[vectors];
#pragma GCC unroll 4
    for (int vector = 0; vector < vectors; ++vector) right[vector] = load(from + vector * LANES);
#pragma GCC unroll 16
    for (int row = 0; row < rows; ++row) {
      const float left = a.at(row, k);
#pragma GCC unroll 4
      for (int vector = 0; vector < vectors; ++vector) sums[row][vector] += left * right[vector];
    }
  }
#pragma GCC unroll 16
  for (int row = 0; row < rows; ++row) {
#pragma GCC unroll 4
    for (int vector = 0; vector < vectors; ++vector)
      store(c.values + row * c.pitch + vector * LANES, sums[row][vector]);
  }
}

// A tile of at most `rows` rows.
template <int rows, int vectors, typename Left>
void multiplyRows(int64_t count, Left a, int64_t depth, Right b, Result c) {
  if (count >= rows) return multiplyTile<rows, vectors>(a, depth, b, c);
  if constexpr (rows > 1) multiplyRows<rows - 1, vectors>(count, a, depth, b, c);
}

template <int vectors, typename Left>
void multiplyColumns(int64_t rows, Left a, int64_t depth, Right b, Result c) {
  constexpr int ROWS = tileRows(vectors);
  int64_t row = 0;
  for (int64_t tiles = (rows + ROWS - 1) / ROWS; tiles > 0; --tiles) {
    const int64_t tile = (rows - row + tiles - 1) / tiles;
    multiplyRows<ROWS, vectors>(tile, a.from(row, 0), depth, b, c.from(row, 0));
    row += tile;
  }
}

// All at once, for a depth of one part and few rows.
template <typename Left>
void multiplyBand(int64_t rows, Left a, int64_t depth, Right b, int64_t columns, Result c) {
  int64_t column = 0;
  for (int64_t tiles = (columns + MOST_VECTORS * LANES - 1) / (MOST_VECTORS * LANES); tiles > 0; --tiles) {
    const auto some = [&](auto fixed) {
      multiplyColumns<fixed.value>(rows, a, depth, b.from(0, column), c.from(0, column));
    };
    const int64_t left = (columns - column) / LANES, vectors = (left + tiles - 1) / tiles;
    switch (vectors) {
      case 1: some(std::integral_constant<int, 1>{}); break;
      case 2: some(std::integral_constant<int, 2>{}); break;
      case 3: some(std::integral_constant<int, std::min(3, MOST_VECTORS)>{}); break;
      default: some(std::integral_constant<int, MOST_VECTORS>{});
    }
    column += vectors * LANES;
  }
}

// c [rows, columns] = (c.add ? c : 0) + a [rows, depth] · b [depth, columns].
template <bool transposed>
void multiply(int64_t rows, Operand<transposed> a, int64_t depth, Right b, int64_t columns, Result c) {
  const int64_t parts = (depth + DEPTH - 1) / DEPTH, part = (depth + parts - 1) / parts;
  const int64_t band = transposed ? rows : std::max<int64_t>(48, BAND / depth / 24 * 24);
  for (int64_t row = 0; row < rows; row += band) {
    for (int64_t k = 0; k < depth; k += part) {
      Result to = c.from(row, 0);
      to.add = c.add || k > 0;
      multiplyBand(std::min(band, rows - row), a.from(row, k), std::min(part, depth - k), b.from(k, 0), columns, to);
    }
  }
}

}  // namespace dna
