// Sparse tensors as tfjs has them: coordinates and values apart. What they come to depends on the coordinates, so these
// are looked at on the host; the values stay where they are. The messages are tfjs's.
#include <string>

#include "../bind.h"
#include "../shapes.h"
#include "types.h"

namespace dna {

namespace {

using Integers = std::vector<int64_t>;

Integers onHost(const at::Tensor& x) {
  const at::Tensor flat = x.to(at::kCPU, at::kLong).contiguous();
  const auto* first = flat.const_data_ptr<int64_t>();
  return {first, first + flat.numel()};
}

at::Tensor toDevice(const Integers& numbers, at::Device device) { return at::tensor(numbers, at::TensorOptions(at::kLong)).to(device); }

[[noreturn]] void fail(const std::string& message) { throw ShapeError(message); }

// Throws unless ids rise from 0 on and indices name rows; answers how many segments there are.
int64_t checkSegments(const Integers& indices, const Integers& ids, int64_t rows) {
  const int64_t segments = ids.empty() ? 0 : ids.back() + 1;
  if (segments < 0 || (segments == 0 && !ids.empty())) fail("segment ids must be >= 0");
  for (size_t at = 0; at < ids.size(); ++at) {
    if (at + 1 < ids.size() && ids[at + 1] < ids[at]) fail("segment ids are not increasing");
    if (ids[at] < 0 || ids[at] >= segments) {
      fail("Segment id " + std::to_string(ids[at]) + " out of range [0, " + std::to_string(segments) +
           "), possibly because segmentIds input is not sorted.");
    }
    if (indices[at] < 0 || indices[at] >= rows) {
      fail("Bad: indices[" + std::to_string(at) + "] == " + std::to_string(indices[at]) + " out of range [0, " +
           std::to_string(rows) + ")");
    }
  }
  return segments;
}

// Rows of data at the indices, added up by segment or averaged: [segments, ..].
at::Tensor sparseSegment(const at::Tensor& data, const at::Tensor& indices, const at::Tensor& ids, bool mean) {
  const bool fits = data.dim() > 0 && indices.sizes() == ids.sizes();
  requireShapes(fits, "SparseSegment", "data with rows, and as many ids as indices", {data, indices, ids});
  const int64_t segments = checkSegments(onHost(indices), onHost(ids), data.size(0));
  Integers shape = data.sizes().vec();
  shape[0] = segments;
  const at::Tensor which = ids.to(at::kLong);
  const at::Tensor rows = at::index_select(numeric(data), 0, indices);
  const at::Tensor sums = at::zeros(shape, rows.options()).index_add_(0, which, rows);
  if (!mean) return sums;
  const at::Tensor counts = at::zeros({segments}, rows.options()).index_add_(0, which, at::ones({which.numel()}, rows.options()));
  Integers column(shape.size(), 1);
  column[0] = segments;
  return at::div(sums, counts.clamp_min(1).reshape(column)).to(sums.scalar_type());
}

// Coordinates [n, axes] in a tensor of one shape as those of the same elements in another, and that shape.
std::tuple<at::Tensor, at::Tensor> sparseReshape(const at::Tensor& coordinates, const Integers& from, const Integers& to) {
  const at::Tensor wide = coordinates.to(at::kLong);
  at::Tensor place = at::zeros({wide.size(0)}, wide.options());
  for (size_t axis = 0; axis < from.size(); ++axis) place = place * from[axis] + wide.select(1, static_cast<int64_t>(axis));
  std::vector<at::Tensor> columns(to.size());
  for (size_t axis = to.size(); axis-- > 0;) {
    const int64_t extent = std::max<int64_t>(to[axis], 1);
    columns[axis] = place.remainder(extent);
    place = place.floor_divide(extent);
  }
  const at::Tensor result = columns.empty() ? at::zeros({wide.size(0), 0}, wide.options()) : at::stack(columns, 1);
  return {result, toDevice(to, wide.device())};
}

// How many elements each row has; throws where one lies outside.
Integers countByRow(const Integers& coordinates, int64_t count, int64_t rank, int64_t rows) {
  if (rows == 0 && count > 0) fail("Received SparseTensor with denseShape[0] = 0 but\n  indices.shape[0] = " + std::to_string(count));
  Integers counts(static_cast<size_t>(rows), 0);
  for (int64_t at = 0; at < count; ++at) {
    const int64_t row = coordinates[at * rank];
    const std::string invalid = "indices(" + std::to_string(at) + ", 0) is invalid: " + std::to_string(row);
    if (row < 0) fail(invalid + " < 0");
    if (row >= rows) fail(invalid + " >= " + std::to_string(rows));
    ++counts[row];
  }
  return counts;
}

// Where each row begins when every row has at least one element; last, where all end.
Integers beginnings(const Integers& counts) {
  Integers begin{0};
  for (const int64_t count : counts) begin.push_back(begin.back() + std::max<int64_t>(count, 1));
  return begin;
}

// Gives every row of [rows, ..] at least one element: in an empty one, `value` in its first place. Answers coordinates,
// values, which rows were empty, and where each element went.
std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor> sparseFillEmptyRows(const at::Tensor& coordinates, const at::Tensor& values,
                                                                               const at::Tensor& shape, const at::Tensor& value) {
  const int64_t count = coordinates.size(0), rank = coordinates.size(1), rows = onHost(shape).at(0);
  const Integers given = onHost(coordinates);
  const Integers counts = countByRow(given, count, rank, rows), begin = beginnings(counts);
  Integers next = begin, moved, filled(static_cast<size_t>(begin.back() * rank), 0);
  for (int64_t row = 0; row < rows; ++row) filled[begin[row] * rank] = row;
  for (int64_t at = 0; at < count; ++at) {
    moved.push_back(next[given[at * rank]]++);
    std::copy_n(given.begin() + at * rank, rank, filled.begin() + moved.back() * rank);
  }
  const auto device = values.device();
  const at::Tensor places = toDevice(moved, device);
  const at::Tensor all = value.to(values.scalar_type()).reshape({1}).repeat({begin.back()}).index_copy_(0, places, values);
  return {toDevice(filled, device).reshape({begin.back(), rank}), all, toDevice(counts, device).eq(0), places};
}

}  // namespace

DNA_OP(sparseSegment)
DNA_OP(sparseReshape)
DNA_OP(sparseFillEmptyRows)

}  // namespace dna
