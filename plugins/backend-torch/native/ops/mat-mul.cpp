// Products of matrices: tfjs's BatchMatMul and ours.
#include "../bind.h"
#include "../shapes.h"

namespace dna {

namespace {

at::Tensor turned(const at::Tensor& matrix, bool transpose) { return transpose ? matrix.transpose(-2, -1) : matrix; }

// a [.., m, k] · b [.., k, n], either transposed first; the leading axes broadcast.
Stored batchMatMul(const Stored& a, const Stored& b, bool transposeA, bool transposeB) {
  const bool narrow = a.tensor.scalar_type() == at::kBFloat16 || b.tensor.scalar_type() == at::kBFloat16;
  const auto type = narrow ? at::kBFloat16 : at::kFloat;
  const at::Tensor left = turned(a.tensor.to(type), transposeA);
  const at::Tensor right = turned(b.tensor.to(type), transposeB);
  requireShapes(left.size(-1) == right.size(-2), "BatchMatMul", "a [.., m, k] and b [.., k, n]", {left, right});
  return store(at::matmul(left, right));
}

}  // namespace

DNA_OP(batchMatMul)

}  // namespace dna
