// Matrices by their diagonals: tfjs's diag and linalg.bandPart.
#include "../bind.h"
#include "../shapes.h"

namespace dna {

namespace {

// x of any shape s on the diagonal of [s.., s..].
Stored diagonalOf(const Stored& x) {
  std::vector<int64_t> shape = x.tensor.sizes().vec();
  shape.insert(shape.end(), x.tensor.sizes().begin(), x.tensor.sizes().end());
  return {at::diag_embed(x.tensor.flatten()).view(shape)};
}

// The matrices of x with zeros but for `lower` diagonals below the main one and `upper` above it, both scalars that stay
// on the device; a negative number keeps that whole triangle.
Stored bandPart(const Stored& x, const at::Tensor& lower, const at::Tensor& upper) {
  requireShapes(x.tensor.dim() >= 2 && lower.numel() == 1 && upper.numel() == 1, "bandPart", "matrices", {x.tensor});
  const at::TensorOptions options = at::TensorOptions(at::kInt).device(x.tensor.device());
  const at::Tensor below = at::arange(x.tensor.size(-2), options).unsqueeze(1) - at::arange(x.tensor.size(-1), options);
  const at::Tensor under = (lower < 0).logical_or(below <= lower);
  const at::Tensor over = (upper < 0).logical_or(-below <= upper);
  return {x.tensor.masked_fill(under.logical_and(over).logical_not(), 0)};
}

}  // namespace

DNA_OP(diagonalOf)
DNA_OP(bandPart)

}  // namespace dna
