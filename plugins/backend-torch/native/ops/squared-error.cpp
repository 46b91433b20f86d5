// The feature loss: the mean of (y − target)², and its gradient.
#include "../bind.h"
#include "../cuda/kernels.h"
#include "../shapes.h"
#include "../storage.h"
#include "lane-sums.h"
#include "row-groups.h"

namespace dna {

namespace {

void requireSame(const char* op, const at::Tensor& y, const at::Tensor& target) {
  requireShapes(y.sizes() == target.sizes() && y.numel() > 0, op, "y and target of one shape, not empty", {y, target});
}

// Sums of a chunk in single precision, of the chunks in double, in order.
at::Tensor meanSquare(const at::Tensor& y, const at::Tensor& target) {
  const RowGroups layout(y.numel(), 1);
  const auto square = [](const float* a, const float* b) {
    const Lanes distance = load(a) - load(b);
    return distance * distance;
  };
  const std::array<const float*, 2> inputs{floats(y), floats(target)};
  std::vector<double> parts(static_cast<size_t>(chunkCount(layout)) + 1, 0);
  forEachChunk(layout, [&](int64_t chunk, int64_t first, int64_t end) {
    Lanes total = splat(0.0f);
    for (int64_t at = first * LANES; at < end * LANES; at += LANES) total += square(inputs[0] + at, inputs[1] + at);
    parts[chunk] = DoubleLanes(total).sum();
  });
  onRest<2, float>(layout, inputs, nullptr,
                   [&](const auto& rest, float*) { parts.back() = DoubleLanes(square(rest[0], rest[1])).sum(); });
  const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
  return at::scalar_tensor(sum / static_cast<double>(y.numel()), at::kFloat);
}

// → [].
at::Tensor squaredError(const Stored& y, const Stored& target) {
  requireSame("SquaredError", y.tensor, target.tensor);
#ifdef DNA_CUDA_KERNELS
  if (!y.tensor.is_cpu()) return cuda::squaredError(y.tensor, target.tensor);
#endif
  return meanSquare(asFloat(y.tensor).contiguous(), asFloat(target.tensor).contiguous());
}

// dloss [] → dy = dloss · 2 (y − target) / size.
Stored squaredErrorGrad(const at::Tensor& dloss, const Stored& output, const Stored& wanted) {
  requireSame("SquaredErrorGrad", output.tensor, wanted.tensor);
  requireShapes(dloss.numel() == 1, "SquaredErrorGrad", "a scalar dloss", {dloss});
#ifdef DNA_CUDA_KERNELS
  if (!output.tensor.is_cpu()) return store(cuda::squaredErrorGrad(dloss, output.tensor, wanted.tensor));
#endif
  const at::Tensor y = asFloat(output.tensor).contiguous(), target = asFloat(wanted.tensor).contiguous();
  const double share = 2.0 / static_cast<double>(y.numel());
  at::Tensor dy = at::empty_like(y);
  const Lanes factor = splat(static_cast<float>(*floats(dloss) * share));
  mapGroups<2, float>(RowGroups(y.numel(), 1), {floats(y), floats(target)}, mutableFloats(dy),
                      [&](const auto& inputs, float* to, int64_t groups, auto put) {
                        const float *from = inputs[0], *wish = inputs[1];
                        for (int64_t at = 0; at < groups * LANES; at += LANES)
                          put(to + at, (load(from + at) - load(wish + at)) * factor);
                      });
  return store(dy);
}

}  // namespace

DNA_OP(squaredError)
DNA_OP(squaredErrorGrad)

}  // namespace dna
