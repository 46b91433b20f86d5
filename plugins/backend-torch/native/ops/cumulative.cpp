// Running sums and products along an axis.
#include "../bind.h"
#include "types.h"

namespace dna {

namespace {

using Accumulate = at::Tensor (*)(const at::Tensor&, int64_t, std::optional<at::ScalarType>);

struct Running {
  Accumulate accumulate;
  // What nothing comes to.
  double neutral;
};

// Moves everything one place on; the last falls out and `first` comes in.
at::Tensor shift(const at::Tensor& x, int64_t axis, double first) {
  std::vector<int64_t> padding(2 * static_cast<size_t>(x.dim() - axis), 0);
  padding[padding.size() - 2] = 1;
  return at::constant_pad_nd(x.narrow(axis, 0, x.size(axis) - 1), padding, first);
}

// `exclusive` leaves an element out of its own sum; `reverse` runs from the end.
at::Tensor run(const at::Tensor& x, int64_t axis, bool exclusive, bool reverse, const Running& running) {
  if (x.numel() == 0) return x;
  const auto type = x.is_floating_point() ? at::kFloat : at::kInt;
  const at::Tensor forward = reverse ? x.flip(axis) : x;
  const at::Tensor shifted = exclusive ? shift(forward.to(type), axis, running.neutral) : forward;
  const at::Tensor result = running.accumulate(shifted, axis, type);
  return reverse ? result.flip(axis) : result;
}

at::Tensor cumsum(const at::Tensor& x, int64_t axis, bool exclusive, bool reverse) {
  return run(x, axis, exclusive, reverse, {[](const at::Tensor& t, int64_t dim, std::optional<at::ScalarType> type) { return at::cumsum(t, dim, type); }, 0});
}

at::Tensor cumprod(const at::Tensor& x, int64_t axis, bool exclusive, bool reverse) {
  return run(x, axis, exclusive, reverse, {[](const at::Tensor& t, int64_t dim, std::optional<at::ScalarType> type) { return at::cumprod(t, dim, type); }, 1});
}

}  // namespace

DNA_OP(cumsum)
DNA_OP(cumprod)

}  // namespace dna
