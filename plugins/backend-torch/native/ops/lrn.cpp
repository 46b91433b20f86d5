// tfjs's localResponseNormalization: x / (bias + α · Σ x²)^β, the sum over the channels within `radius`.
#include <algorithm>

#include "../bind.h"
#include "../shapes.h"

namespace dna {

namespace {

// At every channel the sum of the channels at most `radius` away.
at::Tensor sumOfNeighbours(const at::Tensor& x, int64_t radius) {
  const int64_t channels = x.size(-1);
  at::Tensor sum = x.clone();
  for (int64_t distance = 1; distance <= std::min(radius, channels - 1); ++distance) {
    const int64_t shared = channels - distance;
    sum.narrow(-1, 0, shared).add_(x.narrow(-1, distance, shared));
    sum.narrow(-1, distance, shared).add_(x.narrow(-1, 0, shared));
  }
  return sum;
}

at::Tensor divisorBase(const at::Tensor& x, int64_t radius, double bias, double alpha) {
  return sumOfNeighbours(x * x, radius).mul_(alpha).add_(bias);
}

Stored lrn(const at::Tensor& x, int64_t radius, double bias, double alpha, double beta) {
  requireShapes(x.dim() == 4, "localResponseNormalization", "x [n, h, w, c]", {x});
  return store(divisorBase(x, radius, bias, alpha).pow_(-beta).mul_(x));
}

Stored lrnGradient(const at::Tensor& x, const at::Tensor& y, const at::Tensor& dy, const std::vector<double>& numbers) {
  requireShapes(x.dim() == 4 && x.sizes() == dy.sizes() && y.sizes() == dy.sizes(),
                "localResponseNormalization's gradient", "x, y and dy of one shape", {x, dy});
  const auto radius = static_cast<int64_t>(numbers.at(0));
  const double bias = numbers.at(1), alpha = numbers.at(2), beta = numbers.at(3);
  const at::Tensor base = divisorBase(x, radius, bias, alpha);
  const at::Tensor others = sumOfNeighbours(y * dy / base, radius).mul_(x).mul_(2 * alpha * beta);
  return store(base.pow(-beta).mul_(dy).sub_(others));
}

}  // namespace

DNA_OP(lrn)
DNA_OP(lrnGradient)

}  // namespace dna
