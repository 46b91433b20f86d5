// Activations and their gradient, elementwise.
#include "../bind.h"
#include "../cuda/kernels.h"
#include "../shapes.h"
#include "../storage.h"
#include "activation.h"
#include "row-groups.h"

namespace dna {

namespace {

Stored activate(const Stored& input, int64_t activation) {
  const at::Tensor x = input.tensor.contiguous();
  const auto kind = static_cast<Activation>(activation);
#ifdef DNA_CUDA_KERNELS
  if (!x.is_cpu()) return {cuda::activate(x, kind)};
#endif
  const RowGroups layout(x.numel(), 1);
  at::Tensor y = at::empty_like(x);
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    withActivation(kind, [&](auto fixed) {
      mapGroups<1, Storage>(layout, {stored<Storage>(x)}, mutableStored<Storage>(y),
                            [&](const auto& inputs, Storage* to, int64_t groups, auto put) {
                              const Storage* from = inputs[0];
                              for (int64_t at = 0; at < groups * LANES; at += LANES) {
                                put(to + at, activated<decltype(fixed)::value>(load(from + at)));
                              }
                            });
    });
  });
  return {y};
}

// dy times the slope at x.
Stored activateGrad(const Stored& gradient, const Stored& input, int64_t activation) {
  requireShapes(gradient.tensor.sizes() == input.tensor.sizes(), "ActivateGrad", "dy and x of one shape",
                {gradient.tensor, input.tensor});
  const at::Tensor x = input.tensor.contiguous();
  const at::Tensor dy = gradient.tensor.to(x.scalar_type()).contiguous();
  const auto kind = static_cast<Activation>(activation);
#ifdef DNA_CUDA_KERNELS
  if (!x.is_cpu()) return {cuda::activateGrad(dy, x, kind)};
#endif
  const RowGroups layout(x.numel(), 1);
  at::Tensor dx = at::empty_like(x);
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    withActivation(kind, [&](auto fixed) {
      mapGroups<2, Storage>(
          layout, {stored<Storage>(dy), stored<Storage>(x)}, mutableStored<Storage>(dx),
          [&](const auto& inputs, Storage* to, int64_t groups, auto put) {
            const Storage *gradients = inputs[0], *values = inputs[1];
            for (int64_t at = 0; at < groups * LANES; at += LANES) {
              put(to + at, activationGradient<decltype(fixed)::value>(load(gradients + at), load(values + at)));
            }
          });
    });
  });
  return {dx};
}

}  // namespace

DNA_OP(activate)
DNA_OP(activateGrad)

}  // namespace dna
