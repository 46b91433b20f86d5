// Classes as rows with one element that differs.
#include "../bind.h"
#include "types.h"

namespace dna {

namespace {

// indices [..] to [.., depth]: `on` at the index, `off` elsewhere and for indices outside.
at::Tensor oneHot(const at::Tensor& indices, int64_t depth, double on, double off, int64_t typeCode) {
  const auto options = indices.options().dtype(typeOfCode(typeCode));
  const at::Tensor classes = at::arange(depth, indices.options().dtype(at::kInt));
  const at::Tensor chosen = at::eq(indices.unsqueeze(-1), classes);
  if (on == 1 && off == 0) return chosen.to(typeOfCode(typeCode));
  return at::where(chosen, at::scalar_tensor(on, options), at::scalar_tensor(off, options));
}

}  // namespace

DNA_OP(oneHot)

}  // namespace dna
