// Batch norm with the batch's own statistics, its activation fused: forward and gradient.
#include "batch-norm-training.h"

#include "../bind.h"
#include "../cuda/kernels.h"
#include "../shapes.h"
#include "../storage.h"

namespace dna {

namespace {

void requireVectors(const char* op, const at::Tensor& x, const at::Tensor& scale, const at::Tensor& offset) {
  const bool fit = x.dim() >= 1 && x.numel() > 0 && scale.dim() == 1 && offset.dim() == 1 &&
                   scale.size(0) == x.size(-1) && offset.size(0) == x.size(-1);
  requireShapes(fit, op, "x [.., c] that is not empty, scale [c] and offset [c]", {x, scale, offset});
}

// x [.., c], scale [c], offset [c] → activation(normalised x), mean [c], variance [c] (biased).
std::tuple<Stored, at::Tensor, at::Tensor> batchNormTraining(const Stored& input, const at::Tensor& scale,
                                                             const at::Tensor& offset, double epsilon,
                                                             int64_t activation) {
  requireVectors("BatchNormTraining", input.tensor, scale, offset);
  const auto kind = static_cast<Activation>(activation);
#ifdef DNA_CUDA_KERNELS
  if (!input.tensor.is_cpu()) {
    const auto [y, mean, variance] = cuda::batchNormTraining(input.tensor, scale, offset, epsilon, kind);
    return {Stored{y}, mean, variance};
  }
#endif
  const at::Tensor x = input.tensor.contiguous(), scales = scale.contiguous(), offsets = offset.contiguous();
  at::Tensor y = at::empty_like(x), mean = emptyFloats({x.size(-1)}), variance = emptyFloats({x.size(-1)});
  const cpu::BatchNorm norm{x.numel() / x.size(-1), x.size(-1), floats(scales), floats(offsets), epsilon, kind};
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    cpu::batchNormTraining(norm, stored<Storage>(x), mutableStored<Storage>(y), mutableFloats(mean),
                           mutableFloats(variance));
  });
  return {Stored{y}, mean, variance};
}

// → dx as x, dscale [c], doffset [c].
std::tuple<Stored, at::Tensor, at::Tensor> batchNormTrainingGrad(const Stored& gradient, const Stored& input,
                                                                 const at::Tensor& scale, const at::Tensor& offset,
                                                                 const at::Tensor& mean, const at::Tensor& variance,
                                                                 double epsilon, int64_t activation) {
  requireVectors("BatchNormTrainingGrad", input.tensor, scale, offset);
  requireShapes(gradient.tensor.sizes() == input.tensor.sizes(), "BatchNormTrainingGrad", "dy and x of one shape",
                {gradient.tensor, input.tensor});
  const auto kind = static_cast<Activation>(activation);
#ifdef DNA_CUDA_KERNELS
  if (!input.tensor.is_cpu()) {
    const cuda::BatchNorm norm{scale, offset, mean, variance, epsilon};
    const auto [dx, dscale, doffset] = cuda::batchNormTrainingGrad(gradient.tensor, input.tensor, norm, kind);
    return {Stored{dx}, dscale, doffset};
  }
#endif
  const at::Tensor x = input.tensor.contiguous(), dy = gradient.tensor.to(x.scalar_type()).contiguous();
  const at::Tensor scales = scale.contiguous(), offsets = offset.contiguous();
  const at::Tensor means = mean.contiguous(), variances = variance.contiguous();
  at::Tensor dx = at::empty_like(x), dscale = emptyFloats({x.size(-1)}), doffset = emptyFloats({x.size(-1)});
  const cpu::BatchNorm norm{x.numel() / x.size(-1), x.size(-1), floats(scales), floats(offsets), epsilon, kind};
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    const cpu::BatchNormPass<Storage> pass{stored<Storage>(dy), stored<Storage>(x), floats(means), floats(variances)};
    cpu::batchNormTrainingGrad(norm, pass, mutableStored<Storage>(dx), mutableFloats(dscale), mutableFloats(doffset));
  });
  return {Stored{dx}, dscale, doffset};
}

}  // namespace

DNA_OP(batchNormTraining)
DNA_OP(batchNormTrainingGrad)

}  // namespace dna
