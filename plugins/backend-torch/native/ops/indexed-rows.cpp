#include "indexed-rows.h"

#include <sstream>

#include "../errors.h"

namespace dna {

namespace {

at::Tensor columnShaped(const at::Tensor& mask, int64_t axis, int64_t rank) {
  std::vector<int64_t> shape(static_cast<size_t>(rank), 1);
  shape[axis] = mask.numel();
  return mask.reshape(shape);
}

at::Tensor longTensor(const std::vector<int64_t>& numbers, at::Device device) {
  return at::tensor(numbers, at::TensorOptions(at::kLong)).to(device);
}

std::vector<int64_t> stridesOf(const std::vector<int64_t>& extents) {
  std::vector<int64_t> strides(extents.size(), 1);
  for (size_t axis = extents.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * extents[axis];
  return strides;
}

void requireCoordinates(const at::Tensor& inside, const at::Tensor& coordinates, at::IntArrayRef shape,
                        const char* op) {
  if (!inside.is_cpu() || inside.all().item<bool>()) return;
  const int64_t first = inside.logical_not().nonzero()[0].item<int64_t>();
  std::ostringstream text;
  text << op << ": invalid indices, (";
  const char* separator = "";
  for (int64_t axis = 0; axis < coordinates.size(1); ++axis) {
    text << separator << coordinates[first][axis].item<int64_t>();
    separator = ", ";
  }
  text << ") does not index into " << shape << ".";
  throw ShapeError(text.str());
}

}  // namespace

at::Tensor isOutside(const at::Tensor& indices, int64_t extent) {
  return indices.lt(0).logical_or_(indices.ge(extent));
}

void requireIndices(const at::Tensor& indices, int64_t extent, const char* op) {
  if (!indices.is_cpu() || indices.numel() == 0) return;
  const auto [low, high] = at::aminmax(indices);
  const int64_t lowest = low.item<int64_t>(), highest = high.item<int64_t>();
  if (lowest >= 0 && highest < extent) return;
  const int64_t wrong = lowest < 0 ? lowest : highest;
  throw ShapeError(std::string(op) + ": the index value " + std::to_string(wrong) + " is not in [0, " +
                   std::to_string(extent - 1) + "].");
}

at::Tensor takeRows(const at::Tensor& table, int64_t axis, const at::Tensor& indices, const char* op) {
  const int64_t extent = table.size(axis);
  requireIndices(indices, extent, op);
  if (table.is_cpu()) return at::index_select(table, axis, indices);
  std::vector<int64_t> shape = table.sizes().vec();
  shape[axis] = indices.numel();
  if (extent == 0) return at::zeros(shape, table.options());
  const at::Tensor rows = at::index_select(table, axis, indices.clamp(0, extent - 1));
  return rows.masked_fill_(columnShaped(isOutside(indices, extent), axis, table.dim()), 0);
}

at::Tensor rowsOf(const at::Tensor& coordinates, const std::vector<int64_t>& shape, const char* op) {
  const int64_t axes = coordinates.size(1);
  const at::Tensor places = coordinates.to(at::kLong);
  const std::vector<int64_t> leading(shape.begin(), shape.begin() + axes);
  const at::Tensor inside = places.ge(0).logical_and_(places.lt(longTensor(leading, places.device()))).all(1);
  requireCoordinates(inside, places, shape, op);
  const at::Tensor rows = (places * longTensor(stridesOf(leading), places.device())).sum(1);
  if (places.is_cpu()) return rows;
  return at::where(inside, rows, at::scalar_tensor(countRows(shape, axes), rows.options()));
}

int64_t countRows(const std::vector<int64_t>& shape, int64_t count) {
  return c10::multiply_integers(shape.begin(), shape.begin() + count);
}

}  // namespace dna
