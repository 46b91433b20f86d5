// tfjs's reductions over axes; float sums are kept in float32 whatever is stored.
#include <limits>

#include "../bind.h"
#include "types.h"

namespace dna {

namespace {

using Axes = std::vector<int64_t>;

// libtorch takes no axes for all axes.
bool reducesNothing(const at::Tensor& x, const Axes& axes) { return axes.empty() && x.dim() > 0; }

at::ScalarType sumType(const at::Tensor& x) { return x.is_floating_point() ? at::kFloat : at::kInt; }

at::Tensor sum(const Stored& stored, const Axes& axes, bool keepDims) {
  const at::Tensor& x = stored.tensor;
  if (reducesNothing(x, axes)) return x.to(sumType(x));
  return at::sum(x, axes, keepDims, sumType(x));
}

at::Tensor mean(const Stored& stored, const Axes& axes, bool keepDims) {
  const at::Tensor& x = stored.tensor;
  if (reducesNothing(x, axes)) return x.to(at::kFloat);
  return at::mean(x, axes, keepDims, at::kFloat);
}

// Brings the reduced axes to the end as one, since libtorch multiplies along one axis only.
at::Tensor prod(const at::Tensor& x, const Axes& axes, bool keepDims) {
  if (reducesNothing(x, axes)) return x.to(sumType(x));
  Axes kept, shape = x.sizes().vec();
  for (const int64_t axis : axes) shape[axis] = 1;
  for (int64_t axis = 0; axis < x.dim(); ++axis) {
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) kept.push_back(axis);
  }
  Axes order = kept, rows;
  order.insert(order.end(), axes.begin(), axes.end());
  int64_t width = 1;
  for (const int64_t axis : kept) rows.push_back(x.size(axis));
  for (const int64_t axis : axes) width *= x.size(axis);
  Axes flat = rows;
  flat.push_back(width);
  const at::Tensor product = at::prod(x.permute(order).reshape(flat), -1, /*keepdim=*/false, sumType(x));
  return product.reshape(keepDims ? shape : rows);
}

// Of nothing, the greatest is what every number exceeds.
at::Tensor extremeOfNothing(const at::Tensor& x, const Axes& axes, bool keepDims, bool greatest) {
  const at::Tensor shape = at::sum(x, axes, keepDims, sumType(x));
  if (x.is_floating_point()) {
    const double infinity = std::numeric_limits<double>::infinity();
    return at::full_like(shape, greatest ? -infinity : infinity);
  }
  using Limits = std::numeric_limits<int32_t>;
  return at::full_like(shape, greatest ? Limits::min() : Limits::max());
}

// NaN wins.
Stored max(const Stored& x, const Axes& axes, bool keepDims) {
  const at::Tensor numbers = numeric(x.tensor);
  if (reducesNothing(numbers, axes)) return {numbers};
  if (numbers.numel() == 0) return {extremeOfNothing(numbers, axes, keepDims, /*greatest=*/true)};
  return {at::amax(numbers, axes, keepDims)};
}

Stored min(const Stored& x, const Axes& axes, bool keepDims) {
  const at::Tensor numbers = numeric(x.tensor);
  if (reducesNothing(numbers, axes)) return {numbers};
  if (numbers.numel() == 0) return {extremeOfNothing(numbers, axes, keepDims, /*greatest=*/false)};
  return {at::amin(numbers, axes, keepDims)};
}

at::Tensor all(const at::Tensor& x, const Axes& axes, bool keepDims) {
  return reducesNothing(x, axes) ? x.to(at::kBool) : at::all(x.to(at::kBool), axes, keepDims);
}

at::Tensor any(const at::Tensor& x, const Axes& axes, bool keepDims) {
  return reducesNothing(x, axes) ? x.to(at::kBool) : at::any(x.to(at::kBool), axes, keepDims);
}

}  // namespace

DNA_OP(sum)
DNA_OP(mean)
DNA_OP(prod)
DNA_OP(max)
DNA_OP(min)
DNA_OP(all)
DNA_OP(any)

}  // namespace dna
