// Sums of products that an equation names.
#include "../bind.h"

namespace dna {

namespace {

at::Tensor einsum(const std::string& equation, const std::vector<at::Tensor>& factors) {
  return at::einsum(equation, factors);
}

}  // namespace

DNA_OP(einsum)

}  // namespace dna
