// activation(x · scale + shift) a channel: folded batch norms, and the bias of a convolution.
#include "scale-shift.h"

#include "../bind.h"
#include "../cuda/kernels.h"
#include "../shapes.h"
#include "../storage.h"

namespace dna {

namespace {

// x [.., c], scale [c], shift [c] → as x.
Stored scaleShift(const Stored& input, const at::Tensor& scale, const at::Tensor& shift, int64_t activation) {
  const at::Tensor x = input.tensor.contiguous(), scales = scale.contiguous(), shifts = shift.contiguous();
  const bool fit = x.dim() >= 1 && scale.dim() == 1 && scale.sizes() == shift.sizes() && scale.size(0) == x.size(-1);
  requireShapes(fit, "ScaleShift", "x [.., c], scale [c] and shift [c]", {x, scale, shift});
  const auto kind = static_cast<Activation>(activation);
#ifdef DNA_CUDA_KERNELS
  if (!x.is_cpu()) return {cuda::scaleShift(x, scale, shift, kind)};
#endif
  at::Tensor y = at::empty_like(x);
  if (x.numel() == 0) return {y};
  const cpu::ScaleShift of{x.numel() / x.size(-1), x.size(-1), floats(scales), floats(shifts), kind};
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    cpu::scaleShift(of, stored<Storage>(x), mutableStored<Storage>(y));
  });
  return {y};
}

}  // namespace

DNA_OP(scaleShift)

}  // namespace dna
