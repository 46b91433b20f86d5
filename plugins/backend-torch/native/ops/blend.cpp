// Moving averages of many tensors at once.
#include "../bind.h"
#include "../device-ops.h"
#include "../shapes.h"

namespace dna {

namespace {

// In double: beside a share near 0, a factor near 1 that is rounded to float32 drifts.
at::Tensor blended(const at::Tensor& old, const at::Tensor& fresh, double keep, double share) {
  const at::Tensor from = old.contiguous(), towards = fresh.contiguous();
  at::Tensor result = at::empty_like(from);
  const float* a = from.const_data_ptr<float>();
  const float* b = towards.const_data_ptr<float>();
  float* to = result.mutable_data_ptr<float>();
  for (int64_t at = 0; at < from.numel(); ++at) to[at] = static_cast<float>(a[at] * keep + b[at] * share);
  return result;
}

// tensors: old0, fresh0, old1, fresh1, … → old · keep + fresh · share of each pair.
std::vector<at::Tensor> blend(const std::vector<at::Tensor>& tensors, double keep, const std::vector<double>& shares) {
  if (tensors.size() != 2 * shares.size()) {
    throw UsageError("expected two tensors a share, found " + std::to_string(tensors.size()) + " and " +
                     std::to_string(shares.size()));
  }
  for (size_t pair = 0; pair < shares.size(); ++pair) {
    const at::Tensor &old = tensors[2 * pair], &fresh = tensors[2 * pair + 1];
    requireShapes(old.sizes() == fresh.sizes(), "Blend", "pairs of one shape", {old, fresh});
  }
  if (!tensors.empty() && !tensors[0].is_cpu()) return device::blend(tensors, keep, shares);
  std::vector<at::Tensor> results;
  for (size_t pair = 0; pair < shares.size(); ++pair) {
    results.push_back(blended(tensors[2 * pair], tensors[2 * pair + 1], keep, shares[pair]));
  }
  return results;
}

}  // namespace

DNA_OP(blend)

}  // namespace dna
