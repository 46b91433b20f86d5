// Parts of a tensor.
#include "../bind.h"
#include "../shapes.h"
#include "views.h"

namespace dna {

namespace {

using Extents = std::vector<int64_t>;

Stored slice(const Stored& x, const Extents& begin, const Extents& size) {
  at::Tensor part = x.tensor;
  for (int64_t axis = 0; axis < part.dim(); ++axis) {
    const bool inside = begin[axis] >= 0 && size[axis] >= 0 && begin[axis] + size[axis] <= part.size(axis);
    requireShapes(inside, "Slice", "a part inside of the tensor", {x.tensor});
    part = part.narrow(axis, begin[axis], size[axis]);
  }
  return {viewOrCopy(part)};
}

// begin, begin + stride, .. before `end` (behind it, for a negative stride).
at::Tensor strideAlong(const at::Tensor& x, int64_t axis, int64_t begin, int64_t end, int64_t stride) {
  const int64_t sign = stride > 0 ? 1 : -1;
  const int64_t count = std::max<int64_t>(0, (end - begin + stride - sign) / stride);
  if (count == 0) return x.narrow(axis, 0, 0);
  if (stride > 0) return x.slice(axis, begin, begin + (count - 1) * stride + 1, stride);
  return x.slice(axis, begin + (count - 1) * stride, begin + 1, -stride).flip(axis);
}

// With axes of one element taken out or put in: `shape`.
Stored stridedSlice(const Stored& x, const Extents& begin, const Extents& end, const Extents& strides,
                    const Extents& shape) {
  at::Tensor part = x.tensor;
  for (int64_t axis = 0; axis < part.dim(); ++axis) {
    part = strideAlong(part, axis, begin[axis], end[axis], strides[axis]);
  }
  return {viewOrCopy(part.reshape(shape))};
}

// The parts whose sizes along the axis are given.
std::vector<Stored> split(const Stored& x, const Extents& sizes, int64_t axis) {
  requireShapes(c10::sum_integers(sizes) == x.tensor.size(axis), "SplitV", "sizes that add up to the axis", {x.tensor});
  std::vector<Stored> parts;
  for (at::Tensor& part : at::split_with_sizes(x.tensor, sizes, axis)) parts.push_back({viewOrCopy(part)});
  return parts;
}

std::vector<Stored> unpack(const Stored& x, int64_t axis) {
  std::vector<Stored> parts;
  for (at::Tensor& part : at::unbind(x.tensor, axis)) parts.push_back({viewOrCopy(part)});
  return parts;
}

}  // namespace

DNA_OP(slice)
DNA_OP(stridedSlice)
DNA_OP(split)
DNA_OP(unpack)

}  // namespace dna
