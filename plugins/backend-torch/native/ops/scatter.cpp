// Elements put, or added, at their indices.
#include "../bind.h"
#include "../shapes.h"
#include "indexed-rows.h"
#include "types.h"

namespace dna {

namespace {

using Extents = std::vector<int64_t>;

// A tensor's rows by its leading axes, and one more for what lies outside.
at::Tensor withSpareRow(const at::Tensor& table) {
  return at::cat({table, at::zeros({1, table.size(1)}, table.options())});
}

at::Tensor withoutSpareRow(const at::Tensor& table, const Extents& shape) {
  return table.narrow(0, 0, table.size(0) - 1).reshape(shape);
}

// What every op here works on: updates as rows, and which rows of the result they are.
struct Scatter {
  at::Tensor rows;
  at::Tensor updates;
  int64_t count;
  int64_t width;
};

Scatter prepare(const at::Tensor& indices, const at::Tensor& updates, const Extents& shape, const char* op) {
  const int64_t axes = indices.dim() > 1 ? indices.size(-1) : 1;
  requireShapes(axes <= static_cast<int64_t>(shape.size()), op,
                "indices with at most as many columns as the result has axes", {indices});
  const int64_t places = axes == 0 ? updates.numel() : indices.numel() / axes;
  const int64_t count = countRows(shape, axes);
  const int64_t width = c10::multiply_integers(shape.begin() + axes, shape.end());
  requireShapes(updates.numel() == places * width || updates.numel() == 1, op, "an update for every index",
                {indices, updates});
  const at::Tensor rows = rowsOf(indices.reshape({places, axes}), shape, op);
  const at::Tensor wide = updates.numel() == places * width ? updates.reshape({places, width})
                                                            : updates.reshape({1, 1}).expand({places, width});
  return {rows, wide, count, width};
}

// Zeros of `shape`, and the updates added at indices [n, axes].
at::Tensor scatterNd(const at::Tensor& indices, const at::Tensor& updates, const Extents& shape) {
  const Scatter scatter = prepare(indices, numeric(updates), shape, "ScatterNd");
  const at::Tensor sums = at::zeros({scatter.count + 1, scatter.width}, scatter.updates.options());
  const at::Tensor result = withoutSpareRow(sums.index_add_(0, scatter.rows, scatter.updates), shape);
  return result.to(updates.scalar_type());
}

// The tensor with the updates at indices [n, axes]; of several at one place, the last (on the host).
at::Tensor tensorScatterUpdate(const at::Tensor& x, const at::Tensor& indices, const at::Tensor& updates) {
  const Extents shape = x.sizes().vec();
  const Scatter scatter = prepare(indices, updates.to(x.scalar_type()), shape, "TensorScatterUpdate");
  const at::Tensor rows = withSpareRow(x.reshape({scatter.count, scatter.width}));
  return withoutSpareRow(rows.index_copy_(0, scatter.rows, scatter.updates), shape);
}

// Rows of x [ids.., inner..] added up by their ids: [segments, inner..]. Ids outside are left out.
at::Tensor unsortedSegmentSum(const at::Tensor& x, const at::Tensor& ids, int64_t segments) {
  const bool begins = x.sizes().slice(0, std::min(ids.dim(), x.dim())) == ids.sizes();
  requireShapes(begins, "UnsortedSegmentSum", "x that begins with the axes of its ids", {x, ids});
  Extents shape{segments};
  const auto inner = x.sizes().slice(ids.dim());
  shape.insert(shape.end(), inner.begin(), inner.end());
  const at::Tensor flat = ids.reshape(-1).to(at::kLong);
  const at::Tensor values = numeric(x).reshape({flat.numel(), c10::multiply_integers(inner)});
  const at::Tensor sums = at::zeros({segments + 1, values.size(1)}, values.options());
  return withoutSpareRow(sums.index_add_(0, flat.masked_fill(isOutside(flat, segments), segments), values), shape);
}

}  // namespace

DNA_OP(scatterNd)
DNA_OP(tensorScatterUpdate)
DNA_OP(unsortedSegmentSum)

}  // namespace dna
