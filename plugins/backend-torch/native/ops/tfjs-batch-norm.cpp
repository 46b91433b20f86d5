// tfjs's FusedBatchNorm: normalises with given statistics.
#include "../bind.h"
#include "../shapes.h"
#include "spatial-window.h"

namespace dna {

namespace {

bool isPerChannel(const at::Tensor& x, const at::Tensor& values) {
  return values.dim() == 1 && values.numel() == x.size(-1);
}

// Statistics of any shape that broadcasts against x.
at::Tensor normaliseBroadcast(const at::Tensor& x, const at::Tensor& mean, const at::Tensor& variance,
                              const std::optional<at::Tensor>& offset, const std::optional<at::Tensor>& scale,
                              double epsilon) {
  at::Tensor factor = (variance + epsilon).rsqrt_();
  if (scale) factor = factor * *scale;
  at::Tensor result = (x - mean) * factor;
  return offset ? result + *offset : result;
}

// (x - mean) / √(variance + ε) · scale + offset, for x [.., c] and statistics [c], or of any shape that broadcasts.
Stored batchNormWithStatistics(const Stored& x, const at::Tensor& mean, const at::Tensor& variance,
                               const std::optional<at::Tensor>& offset, const std::optional<at::Tensor>& scale,
                               double epsilon) {
  requireShapes(mean.sizes() == variance.sizes(), "batchNorm", "mean and variance of one shape", {mean, variance});
  const bool perChannel = x.tensor.dim() == 4 && isPerChannel(x.tensor, mean) && x.tensor.numel() > 0 &&
                          (!offset || isPerChannel(x.tensor, *offset)) && (!scale || isPerChannel(x.tensor, *scale));
  if (!perChannel) return store(normaliseBroadcast(asFloat(x.tensor), mean, variance, offset, scale, epsilon));
  const at::Tensor input = channelsSecond(x.tensor);
  return store(channelsLast(std::get<0>(
      at::native_batch_norm(input, scale, offset, mean, variance, /*training=*/false, /*momentum=*/0, epsilon))));
}

}  // namespace

DNA_OP(batchNormWithStatistics)

}  // namespace dna
