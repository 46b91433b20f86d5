// Squeeze-and-excitation's passes over the feature map: the mean of each channel, and its scaling by a gate.
#include "channel-gate.h"

#include "../bind.h"
#include "../cuda/kernels.h"
#include "../shapes.h"
#include "../storage.h"

namespace dna {

namespace {

cpu::FeatureMaps mapsOf(const at::Tensor& x) { return {x.size(0), x.size(1) * x.size(2), x.size(3)}; }

void requireGate(const char* op, const at::Tensor& x, const at::Tensor& gate) {
  const bool fit = x.dim() == 4 && gate.dim() == 2 && x.size(0) == gate.size(0) && x.size(3) == gate.size(1);
  requireShapes(fit, op, "x [n, h, w, c] and gate [n, c]", {x, gate});
}

// x [n, h, w, c] → [n, c].
at::Tensor globalMean(const Stored& input) {
  requireShapes(input.tensor.dim() == 4 && input.tensor.numel() > 0, "GlobalMean", "x [n, h, w, c] that is not empty",
                {input.tensor});
#ifdef DNA_CUDA_KERNELS
  if (!input.tensor.is_cpu()) return cuda::globalMean(input.tensor);
#endif
  const at::Tensor x = input.tensor.contiguous();
  at::Tensor means = emptyFloats({x.size(0), x.size(3)});
  withStorage(x, [&](auto type) { cpu::globalMean(mapsOf(x), stored<decltype(type)>(x), mutableFloats(means)); });
  return means;
}

// dy [n, c] → dx of this shape.
Stored globalMeanGrad(const at::Tensor& dy, const std::vector<int64_t>& shape) {
  const bool fit = shape.size() == 4 && dy.dim() == 2 && dy.size(0) == shape[0] && dy.size(1) == shape[3];
  requireShapes(fit, "GlobalMeanGrad", "dy [n, c] of an x [n, h, w, c]", {dy});
#ifdef DNA_CUDA_KERNELS
  const bool narrow = state().precision == Precision::Bfloat16;
  if (!dy.is_cpu()) return {cuda::globalMeanGrad(dy, shape, narrow ? at::kBFloat16 : at::kFloat)};
#endif
  const at::Tensor share = dy / static_cast<double>(shape[1] * shape[2]);
  return store(share.reshape({shape[0], 1, 1, shape[3]}).expand(shape).contiguous());
}

Stored gated(const at::Tensor& input, const at::Tensor& factors, const at::Tensor& terms) {
#ifdef DNA_CUDA_KERNELS
  if (!input.is_cpu()) return {cuda::channelGate(input, factors, terms)};
#endif
  const at::Tensor x = input.contiguous(), gate = factors.contiguous();
  const at::Tensor shift = terms.defined() ? terms.contiguous() : terms;
  at::Tensor y = at::empty_like(x);
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    const float* levels = shift.defined() ? floats(shift) : nullptr;
    cpu::channelGate(mapsOf(x), stored<Storage>(x), floats(gate), levels, mutableStored<Storage>(y));
  });
  return {y};
}

// x [n, h, w, c] · gate [n, c].
Stored channelGate(const Stored& x, const at::Tensor& gate) {
  requireGate("ChannelGate", x.tensor, gate);
  return gated(x.tensor, gate, {});
}

// x [n, h, w, c] · gate [n, c] + shift [n, c].
Stored channelGateShift(const Stored& x, const at::Tensor& gate, const at::Tensor& shift) {
  requireGate("ChannelGateShift", x.tensor, gate);
  requireGate("ChannelGateShift", x.tensor, shift);
  return gated(x.tensor, gate, shift);
}

// a, b [n, h, w, c] → [n, c], Σ over the pixels of a · b.
at::Tensor channelDot(const Stored& left, const Stored& right) {
  const bool fit = left.tensor.dim() == 4 && left.tensor.sizes() == right.tensor.sizes() && left.tensor.numel() > 0;
  requireShapes(fit, "ChannelDot", "a and b [n, h, w, c] of one shape, not empty", {left.tensor, right.tensor});
#ifdef DNA_CUDA_KERNELS
  if (!left.tensor.is_cpu()) return cuda::channelDot(left.tensor, right.tensor);
#endif
  const at::Tensor a = left.tensor.contiguous(), b = right.tensor.to(a.scalar_type()).contiguous();
  at::Tensor sums = emptyFloats({a.size(0), a.size(3)});
  withStorage(a, [&](auto type) {
    using Storage = decltype(type);
    cpu::channelDot(mapsOf(a), stored<Storage>(a), stored<Storage>(b), mutableFloats(sums));
  });
  return sums;
}

// → dx = dy · gate, dgate [n, c] = Σ over the pixels of dy · x.
std::tuple<Stored, at::Tensor> channelGateGrad(const Stored& dy, const Stored& x, const at::Tensor& gate) {
  requireGate("ChannelGateGrad", x.tensor, gate);
#ifdef DNA_CUDA_KERNELS
  if (!x.tensor.is_cpu()) {
    const auto [dx, dgate] = cuda::channelGateGrad(dy.tensor, x.tensor, gate);
    return {Stored{dx}, dgate};
  }
#endif
  return {channelGate(dy, gate), channelDot(dy, x)};
}

}  // namespace

DNA_OP(globalMean)
DNA_OP(globalMeanGrad)
DNA_OP(channelGate)
DNA_OP(channelGateGrad)
DNA_OP(channelGateShift)
DNA_OP(channelDot)

}  // namespace dna
