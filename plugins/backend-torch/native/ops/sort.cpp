// Order: the greatest elements, the distinct ones, places in a sorted row.
#include <limits>

#include "../bind.h"
#include "../shapes.h"
#include "types.h"

namespace dna {

namespace {

// The `count` greatest along the last axis, in falling order, and where they are; of equal ones, the first comes first.
std::tuple<Stored, at::Tensor> topK(const Stored& x, int64_t count) {
  const bool enough = x.tensor.dim() > 0 && count <= x.tensor.size(-1);
  requireShapes(enough, "TopK", "at least as many elements along the last axis as are wanted", {x.tensor});
  const auto [values, indices] = at::sort(x.tensor, /*stable=*/true, -1, /*descending=*/true);
  const auto first = [count](const at::Tensor& row) { return row.narrow(-1, 0, count).contiguous(); };
  return {Stored{first(values)}, first(indices)};
}

// Numbers that are the same exactly where the elements count as equal: NaN equals NaN, and -0 equals 0.
at::Tensor identities(const at::Tensor& x) {
  if (!x.is_floating_point()) return x;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  return at::where(at::isnan(x), at::scalar_tensor(nan, x.options()), x + 0.0).contiguous().view(at::kInt);
}

// The distinct slices along an axis in the order in which they first occur, and which of them each slice is.
std::tuple<at::Tensor, at::Tensor> unique(const at::Tensor& x, int64_t axis) {
  if (x.numel() == 0) return {x, at::arange(x.size(axis), x.options().dtype(at::kInt))};
  const auto [sorted, which, counts] = at::unique_dim(identities(x), axis, /*sorted=*/true, /*return_inverse=*/true);
  const at::Tensor places = at::arange(which.numel(), which.options());
  const at::Tensor firsts =
      at::full({sorted.size(axis)}, which.numel(), which.options()).scatter_reduce_(0, which, places, "amin");
  const auto [order, rank] = at::sort(firsts);
  const at::Tensor position = at::empty_like(rank).scatter_(0, rank, places.narrow(0, 0, rank.numel()));
  return {at::index_select(x, axis, order), at::index_select(position, 0, which)};
}

// Where each of values [rows, m] would be put into its sorted row [rows, n]: before its equals, or (`right`) behind.
at::Tensor searchSorted(const at::Tensor& rows, const at::Tensor& values, bool right) {
  const auto type = at::result_type(rows, values);
  return at::searchsorted(rows.to(type).contiguous(), values.to(type).contiguous(), /*out_int32=*/true, right);
}

}  // namespace

DNA_OP(topK)
DNA_OP(unique)
DNA_OP(searchSorted)

}  // namespace dna
