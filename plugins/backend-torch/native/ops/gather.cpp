// Elements by their indices.
#include "../bind.h"
#include "../shapes.h"
#include "indexed-rows.h"

namespace dna {

namespace {

using Extents = std::vector<int64_t>;

void append(Extents& shape, at::IntArrayRef extents) { shape.insert(shape.end(), extents.begin(), extents.end()); }

// The indices' leading axes are the tensor's: each of their rows takes from the row of its own.
at::Tensor gatherInBatch(const at::Tensor& x, const at::Tensor& indices, int64_t axis, int64_t batchAxes) {
  const auto shape = x.sizes();
  const int64_t batch = countRows(shape.vec(), batchAxes);
  const int64_t between = c10::multiply_integers(shape.slice(batchAxes, axis - batchAxes));
  const int64_t inner = c10::multiply_integers(shape.slice(axis + 1));
  const int64_t extent = shape[axis];
  requireIndices(indices, extent, "GatherV2");
  const int64_t each = c10::multiply_integers(indices.sizes().slice(batchAxes));
  const at::Tensor places =
      indices.to(at::kLong).reshape({batch, 1, each, 1}).clamp(0, std::max<int64_t>(extent - 1, 0));
  const at::Tensor found =
      at::take_along_dim(x.reshape({batch, between, extent, inner}), places.expand({batch, between, each, inner}), 2);
  if (x.is_cpu()) return found;
  return found.masked_fill(isOutside(indices, extent).reshape({batch, 1, each, 1}), 0);
}

// x [batch.., outer.., extent, inner..] at indices [batch.., places..]: [batch.., outer.., places.., inner..].
Stored gatherV2(const Stored& stored, const at::Tensor& indices, int64_t axis, int64_t batchAxes) {
  const at::Tensor& x = stored.tensor;
  const bool batched = x.sizes().slice(0, batchAxes) == indices.sizes().slice(0, batchAxes);
  requireShapes(batchAxes <= axis && axis < x.dim() && batched, "GatherV2", "x and indices that share their batch axes",
                {x, indices});
  Extents shape = x.sizes().slice(0, axis).vec();
  append(shape, indices.sizes().slice(batchAxes));
  append(shape, x.sizes().slice(axis + 1));
  const at::Tensor found =
      batchAxes == 0 ? takeRows(x, axis, indices.reshape(-1), "GatherV2") : gatherInBatch(x, indices, axis, batchAxes);
  return {found.reshape(shape)};
}

// params [extents.., inner..] at the coordinates indices [.., axes]: [.., inner..].
Stored gatherNd(const Stored& params, const at::Tensor& indices) {
  const at::Tensor& x = params.tensor;
  const int64_t axes = indices.dim() > 0 ? indices.size(-1) : 0;
  requireShapes(indices.dim() > 0 && axes <= x.dim(), "GatherNd", "indices [.., axes of params]", {x, indices});
  Extents shape = indices.sizes().slice(0, indices.dim() - 1).vec();
  const int64_t places = c10::multiply_integers(shape);
  const int64_t rows = countRows(x.sizes().vec(), axes);
  const auto inner = x.sizes().slice(axes);
  append(shape, inner);
  const at::Tensor at = rowsOf(indices.reshape({places, axes}), x.sizes().vec(), "GatherNd");
  return {takeRows(x.reshape({rows, c10::multiply_integers(inner)}), 0, at, "GatherNd").reshape(shape)};
}

}  // namespace

DNA_OP(gatherV2)
DNA_OP(gatherNd)

}  // namespace dna
