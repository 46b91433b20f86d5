#include "fused-activation.h"

#include "../errors.h"

namespace dna {

at::Tensor activate(at::Tensor x, const FusedActivation& activation) {
  const std::string& name = activation.name;
  if (name == "linear") return x;
  if (name == "relu") return x.relu_();
  if (name == "relu6") return x.clamp_(0, 6);
  if (name == "elu") return at::elu_(x);
  if (name == "sigmoid") return x.sigmoid_();
  if (name == "leakyrelu") return at::leaky_relu_(x, activation.slope);
  if (name == "prelu" && activation.slopes) return at::where(x < 0, x * activation.slopes->to(x.scalar_type()), x);
  throw std::invalid_argument("The activation \"" + name + "\" cannot be fused.");
}

}  // namespace dna
