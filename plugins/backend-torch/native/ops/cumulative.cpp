// Running sums and products along an axis.
#include "../bind.h"
#include "types.h"

namespace dna {

namespace {

using Accumulate = at::Tensor (*)(const at::Tensor&, int64_t);

struct Running {
  Accumulate accumulate;
  // What nothing comes to.
  double neutral;
};

at::Tensor sumAlong(const at::Tensor& x, int64_t axis) { return at::cumsum(x, axis, x.scalar_type()); }

at::Tensor productAlong(const at::Tensor& x, int64_t axis) { return at::cumprod(x, axis, x.scalar_type()); }

// Moves everything one place on; the last falls out and `first` comes in.
at::Tensor shift(const at::Tensor& x, int64_t axis, double first) {
  std::vector<int64_t> padding(2 * static_cast<size_t>(x.dim() - axis), 0);
  padding[padding.size() - 2] = 1;
  return at::constant_pad_nd(x.narrow(axis, 0, x.size(axis) - 1), padding, first);
}

// `exclusive` leaves an element out of its own sum; `reverse` runs from the end.
at::Tensor run(const at::Tensor& x, int64_t axis, bool exclusive, bool reverse, const Running& running) {
  const at::Tensor numbers = x.to(x.is_floating_point() ? at::kFloat : at::kInt);
  if (numbers.numel() == 0) return numbers;
  const at::Tensor forward = reverse ? numbers.flip(axis) : numbers;
  const at::Tensor result = running.accumulate(exclusive ? shift(forward, axis, running.neutral) : forward, axis);
  return reverse ? result.flip(axis) : result;
}

at::Tensor cumsum(const at::Tensor& x, int64_t axis, bool exclusive, bool reverse) {
  return run(x, axis, exclusive, reverse, {sumAlong, 0});
}

at::Tensor cumprod(const at::Tensor& x, int64_t axis, bool exclusive, bool reverse) {
  return run(x, axis, exclusive, reverse, {productAlong, 1});
}

}  // namespace

DNA_OP(cumsum)
DNA_OP(cumprod)

}  // namespace dna
