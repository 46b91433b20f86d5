// tfjs's activations, element by element; bf16 stays bf16, NaN stays NaN.
#include <cmath>
#include <limits>

#include "../bind.h"
#include "../shapes.h"
#include "types.h"

namespace dna {

namespace {

// A bound for integers: without its fraction, as the clipped value would lose it.
int64_t integerBound(double bound) {
  using Limits = std::numeric_limits<int32_t>;
  return static_cast<int64_t>(std::trunc(std::clamp<double>(bound, Limits::min(), Limits::max())));
}

Stored clipByValue(const Stored& x, double lowest, double highest) {
  if (x.tensor.is_floating_point()) return {at::clamp(x.tensor, lowest, highest)};
  return {at::clamp(numeric(x.tensor), integerBound(lowest), integerBound(highest))};
}

Stored relu(const Stored& x) { return {at::relu(numeric(x.tensor))}; }

Stored relu6(const Stored& x) { return {at::clamp(numeric(x.tensor), 0, 6)}; }

Stored leakyRelu(const Stored& x, double alpha) { return {at::leaky_relu(floating(x.tensor), alpha)}; }

at::Tensor prelu(const at::Tensor& x, const at::Tensor& alpha) {
  requireShapes(at::are_expandable(x.sizes(), alpha.sizes()), "Prelu", "x and alpha of shapes that broadcast",
                {x, alpha});
  return at::where(x < 0, x * alpha, x);
}

Stored elu(const Stored& x) { return {at::elu(floating(x.tensor))}; }

// dy and y = elu(x), of one shape.
Stored eluGrad(const Stored& dy, const Stored& y) {
  requireShapes(dy.tensor.sizes() == y.tensor.sizes(), "EluGrad", "dy and y of one shape", {dy.tensor, y.tensor});
  const auto type = at::result_type(dy.tensor, y.tensor);
  return {at::elu_backward(dy.tensor.to(type), 1, 1, 1, /*is_result=*/true, y.tensor.to(type))};
}

Stored selu(const Stored& x) { return {at::selu(floating(x.tensor))}; }

Stored sigmoid(const Stored& x) { return {at::sigmoid(x.tensor)}; }

Stored softplus(const Stored& x) { return {at::softplus(floating(x.tensor))}; }

Stored tanh(const Stored& x) { return {at::tanh(x.tensor)}; }

// 1 above 0, else alpha.
Stored step(const Stored& stored, double alpha) {
  const at::Tensor x = numeric(stored.tensor);
  // Two passes where a comparison, which loses NaN, would need more.
  if (alpha == 0) return {at::clamp(x, 0, 1).ceil_()};
  const at::Tensor below = at::where(at::isnan(x), x, at::scalar_tensor(alpha, x.options()));
  return {at::where(x > 0, at::scalar_tensor(1, x.options()), below)};
}

}  // namespace

DNA_OP(clipByValue)
DNA_OP(relu)
DNA_OP(relu6)
DNA_OP(leakyRelu)
DNA_OP(prelu)
DNA_OP(elu)
DNA_OP(eluGrad)
DNA_OP(selu)
DNA_OP(sigmoid)
DNA_OP(softplus)
DNA_OP(tanh)
DNA_OP(step)

}  // namespace dna
