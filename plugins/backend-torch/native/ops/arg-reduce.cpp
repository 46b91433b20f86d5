// Where along an axis the greatest or the smallest element is; of equal ones, the first.
#include <limits>

#include "../bind.h"
#include "../shapes.h"
#include "types.h"

namespace dna {

namespace {

void requireElements(const at::Tensor& x, int64_t axis, const char* op) {
  requireShapes(x.dim() == 0 || x.size(axis) > 0, op, "elements along the axis", {x});
}

// NaN is never the one: it counts as `worst`.
at::Tensor comparable(const at::Tensor& x, double worst) {
  if (!x.is_floating_point()) return numeric(x);
  const double infinity = std::numeric_limits<double>::infinity();
  return at::nan_to_num(x, worst, infinity, -infinity);
}

at::Tensor argMax(const at::Tensor& x, int64_t axis) {
  requireElements(x, axis, "ArgMax");
  return at::argmax(comparable(x, -std::numeric_limits<double>::infinity()), axis);
}

at::Tensor argMin(const at::Tensor& x, int64_t axis) {
  requireElements(x, axis, "ArgMin");
  return at::argmin(comparable(x, std::numeric_limits<double>::infinity()), axis);
}

}  // namespace

DNA_OP(argMax)
DNA_OP(argMin)

}  // namespace dna
