// Borders around a tensor.
#include "../bind.h"
#include "../shapes.h"
#include "types.h"

namespace dna {

namespace {

using Extents = std::vector<int64_t>;

void requirePairs(const at::Tensor& x, const Extents& before, const Extents& after, const char* op) {
  const auto rank = static_cast<size_t>(x.dim());
  requireShapes(before.size() == rank && after.size() == rank, op, "a border before and behind for each axis", {x});
}

Stored pad(const Stored& x, const Extents& before, const Extents& after, double value) {
  requirePairs(x.tensor, before, after, "PadV2");
  Extents borders;
  for (size_t axis = before.size(); axis-- > 0;) {
    borders.push_back(before[axis]);
    borders.push_back(after[axis]);
  }
  if (x.tensor.is_floating_point()) return {at::constant_pad_nd(x.tensor, borders, value)};
  return {at::constant_pad_nd(x.tensor, borders, wrapToInt(value))};
}

// Which elements of an axis stand along the bordered one. `symmetric` repeats those at the edge, else they do not.
std::vector<int64_t> mirroredIndices(int64_t extent, int64_t before, int64_t after, bool symmetric) {
  std::vector<int64_t> indices;
  const int64_t edge = symmetric ? 1 : 0;
  for (int64_t at = -before; at < extent + after; ++at) {
    const int64_t inner = at < 0 ? -at - edge : at;
    indices.push_back(inner < extent ? inner : 2 * (extent - 1) - inner + edge);
  }
  return indices;
}

Stored mirrorPad(const Stored& x, const Extents& before, const Extents& after, bool symmetric) {
  requirePairs(x.tensor, before, after, "MirrorPad");
  at::Tensor result = x.tensor;
  for (int64_t axis = 0; axis < result.dim(); ++axis) {
    if (before[axis] == 0 && after[axis] == 0) continue;
    const int64_t most = result.size(axis) - (symmetric ? 0 : 1);
    requireShapes(before[axis] <= most && after[axis] <= most, "MirrorPad", "borders no wider than what they mirror",
                  {x.tensor});
    const auto indices = mirroredIndices(result.size(axis), before[axis], after[axis], symmetric);
    result = at::index_select(result, axis, at::tensor(indices, at::TensorOptions(at::kLong)).to(result.device()));
  }
  return {result};
}

}  // namespace

DNA_OP(pad)
DNA_OP(mirrorPad)

}  // namespace dna
