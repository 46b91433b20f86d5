// Moving averages of many tensors at once, written where they lie if the caller wants it and nothing else sees them.
#include "blend.h"

#include "../bind.h"
#include "../cuda/kernels.h"
#include "../in-place.h"
#include "../shapes.h"
#include "../storage.h"

namespace dna {

namespace {

// tensors: old0, fresh0, old1, fresh1, … → old · keep + fresh · share of each pair; nothing where they were written.
std::vector<at::Tensor> blend(const std::vector<at::Tensor>& tensors, double keep, const std::vector<double>& shares,
                              bool inPlace) {
  if (tensors.size() != 2 * shares.size()) {
    throw UsageError("expected two tensors a share, found " + std::to_string(tensors.size()) + " and " +
                     std::to_string(shares.size()));
  }
  for (size_t pair = 0; pair < shares.size(); ++pair) {
    const at::Tensor &old = tensors[2 * pair], &fresh = tensors[2 * pair + 1];
    requireShapes(old.sizes() == fresh.sizes(), "Blend", "pairs of one shape", {old, fresh});
  }
#ifdef DNA_CUDA_KERNELS
  if (!tensors.empty() && !tensors[0].is_cpu()) return cuda::blend(tensors, keep, shares);
#endif
  std::vector<const at::Tensor*> olds;
  for (size_t pair = 0; pair < shares.size(); ++pair) olds.push_back(&tensors[2 * pair]);
  const bool write = inPlace && mayBeWritten(olds);
  std::vector<at::Tensor> results;
  for (size_t pair = 0; pair < shares.size(); ++pair) {
    const at::Tensor &old = tensors[2 * pair], &fresh = tensors[2 * pair + 1];
    at::Tensor result = write ? old : at::empty(old.sizes(), old.options());
    const at::Tensor from = old.contiguous(), towards = fresh.contiguous();
    cpu::blend(floats(from), floats(towards), mutableFloats(result), from.numel(), 1 - keep, shares[pair]);
    if (!write) results.push_back(std::move(result));
  }
  return results;
}

}  // namespace

DNA_OP(blend)

}  // namespace dna
