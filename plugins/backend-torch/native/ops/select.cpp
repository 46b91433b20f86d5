// Elements of one tensor or another.
#include "../bind.h"
#include "../shapes.h"

namespace dna {

namespace {

// A condition of one axis chooses whole rows.
at::Tensor alignCondition(const at::Tensor& condition, int64_t rank) {
  if (condition.dim() != 1 || rank <= 1) return condition;
  std::vector<int64_t> shape(static_cast<size_t>(rank), 1);
  shape[0] = condition.size(0);
  return condition.reshape(shape);
}

// `yes` where the condition holds, else `no`; the last two of one shape.
Stored select(const at::Tensor& condition, const Stored& yes, const Stored& no) {
  const at::Tensor chooser = alignCondition(condition.to(at::kBool), yes.tensor.dim());
  const bool fits = yes.tensor.sizes() == no.tensor.sizes() && at::are_expandable(chooser.sizes(), yes.tensor.sizes());
  requireShapes(fits, "Select", "a condition and two tensors of one shape", {condition, yes.tensor, no.tensor});
  return {at::where(chooser, yes.tensor, no.tensor)};
}

}  // namespace

DNA_OP(select)

}  // namespace dna
