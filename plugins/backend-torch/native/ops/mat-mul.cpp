// Products of matrices: tfjs's BatchMatMul and _FusedMatMul.
#include "../bind.h"
#include "../shapes.h"
#include "fused-activation.h"

namespace dna {

namespace {

at::Tensor turned(const at::Tensor& matrix, bool transpose) { return transpose ? matrix.transpose(-2, -1) : matrix; }

// float32, bf16 if either is; integers in float64, which holds their products exactly and which GPUs multiply.
at::ScalarType workingType(const at::Tensor& a, const at::Tensor& b) {
  if (a.scalar_type() == at::kBFloat16 || b.scalar_type() == at::kBFloat16) return at::kBFloat16;
  return a.is_floating_point() || b.is_floating_point() ? at::kFloat : at::kDouble;
}

at::Tensor product(const at::Tensor& a, const at::Tensor& b, bool transposeA, bool transposeB) {
  requireShapes(a.dim() >= 2 && b.dim() >= 2, "matMul", "matrices", {a, b});
  const at::ScalarType type = workingType(a, b);
  const at::Tensor left = turned(a.to(type), transposeA);
  const at::Tensor right = turned(b.to(type), transposeB);
  requireShapes(left.size(-1) == right.size(-2), "matMul", "a [.., m, k] and b [.., k, n]", {left, right});
  const at::Tensor result = at::matmul(left, right);
  return type == at::kDouble ? result.to(at::kLong).to(a.scalar_type()) : result;
}

// a [.., m, k] · b [.., k, n], either transposed first; the leading axes broadcast.
Stored batchMatMul(const Stored& a, const Stored& b, bool transposeA, bool transposeB) {
  return {product(a.tensor, b.tensor, transposeA, transposeB)};
}

// activation(a · b + bias).
Stored fusedMatMul(const Stored& a, const Stored& b, const std::optional<at::Tensor>& bias,
                   const std::optional<at::Tensor>& slopes, bool transposeA, bool transposeB,
                   const std::string& activation, double slope) {
  at::Tensor result = product(a.tensor, b.tensor, transposeA, transposeB);
  if (bias) result.add_(*bias);
  return {activate(std::move(result), {activation, slopes, slope})};
}

}  // namespace

DNA_OP(batchMatMul)
DNA_OP(fusedMatMul)

}  // namespace dna
