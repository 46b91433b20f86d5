// Squeeze-and-excitation's passes over the feature map: the mean of each channel, and its scaling by a gate.
#include "activation.h"
#include "row-groups.h"
#include "../bind.h"
#include "../device-ops.h"
#include "../shapes.h"
#include "../storage.h"

namespace dna {

namespace {

// One image's pixels; every image is summed by one thread, in order.
struct Images {
  int64_t batch, pixels, channels;
  RowGroups layout;

  explicit Images(const at::Tensor& x)
      : batch(x.size(0)), pixels(x.size(1) * x.size(2)), channels(x.size(3)), layout(pixels, channels) {}

  template <typename Work>
  void forEach(Work&& work) const {
    at::parallel_for(0, batch, 1, [&](int64_t begin, int64_t end) {
      for (int64_t image = begin; image < end; ++image) work(image, image * pixels * channels);
    });
  }
};

// Σ over the pixels of one image of term(group), folded to the channels.
template <size_t count, typename Storage, typename Term>
void sumPixels(const RowGroups& layout, const std::array<const Storage*, count>& inputs, Term&& term, float* sums) {
  std::vector<float> part(static_cast<size_t>(layout.width), 0.0f);
  const auto add = [&](const std::array<const Storage*, count>& from, Storage*) {
    for (int64_t at = 0; at < layout.width; at += LANES) store(&part[at], load(&part[at]) + term(from, at));
  };
  for (int64_t group = 0; group < layout.groups; ++group) {
    std::array<const Storage*, count> from = inputs;
    for (const Storage*& pointer : from) pointer += group * layout.width;
    add(from, nullptr);
  }
  onRest<count, Storage>(layout, inputs, nullptr, add);
  std::fill_n(sums, layout.channels, 0.0f);
  for (int64_t at = 0; at < layout.width; ++at) sums[at % layout.channels] += part[at];
}

// One image: y = x · gate + shift; no shift is none.
template <typename Storage>
void scaleImage(const RowGroups& layout, const Storage* x, const float* gate, const float* shift, Storage* y) {
  std::vector<float> factors(static_cast<size_t>(layout.width)), terms(factors.size(), 0.0f);
  for (int64_t at = 0; at < layout.width; ++at) {
    factors[at] = gate[at % layout.channels];
    if (shift) terms[at] = shift[at % layout.channels];
  }
  const auto scale = [&](const std::array<const Storage*, 1>& from, Storage* to) {
    for (int64_t at = 0; at < layout.width; at += LANES) {
      store(to + at, load(from[0] + at) * load(&factors[at]) + load(&terms[at]));
    }
  };
  for (int64_t group = 0; group < layout.groups; ++group) scale({x + group * layout.width}, y + group * layout.width);
  onRest<1, Storage>(layout, {x}, y, scale);
}

// x [n, h, w, c] → [n, c].
at::Tensor globalMean(const Stored& input) {
  requireShapes(input.tensor.dim() == 4 && input.tensor.numel() > 0, "GlobalMean", "x [n, h, w, c] that is not empty",
                {input.tensor});
  if (!input.tensor.is_cpu()) return device::globalMean(input);
  const at::Tensor x = input.tensor.contiguous();
  const Images images(x);
  at::Tensor means = emptyFloats({images.batch, images.channels});
  float* to = means.mutable_data_ptr<float>();
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    const Storage* from = stored<Storage>(x);
    images.forEach([&](int64_t image, int64_t offset) {
      float* sums = to + image * images.channels;
      sumPixels<1, Storage>(images.layout, {from + offset}, [](const auto& row, int64_t at) { return load(row[0] + at); },
                            sums);
      for (int64_t channel = 0; channel < images.channels; ++channel) sums[channel] /= static_cast<float>(images.pixels);
    });
  });
  return means;
}

// dy [n, c] → dx of this shape.
Stored globalMeanGrad(const at::Tensor& dy, const std::vector<int64_t>& shape) {
  const bool fit = shape.size() == 4 && dy.dim() == 2 && dy.size(0) == shape[0] && dy.size(1) == shape[3];
  requireShapes(fit, "GlobalMeanGrad", "dy [n, c] of an x [n, h, w, c]", {dy});
  if (!dy.is_cpu()) return device::globalMeanGrad(dy, shape);
  const at::Tensor share = dy / static_cast<double>(shape[1] * shape[2]);
  return store(share.reshape({shape[0], 1, 1, shape[3]}).expand(shape).contiguous());
}

void requireGate(const char* op, const at::Tensor& x, const at::Tensor& gate) {
  const bool fit = x.dim() == 4 && gate.dim() == 2 && x.size(0) == gate.size(0) && x.size(3) == gate.size(1);
  requireShapes(fit, op, "x [n, h, w, c] and gate [n, c]", {x, gate});
}

// Every image's x · gate + shift.
template <typename Storage>
void scaleImages(const at::Tensor& x, const at::Tensor& gate, const at::Tensor* shift, at::Tensor& y) {
  const Images images(x);
  const float* factors = gate.const_data_ptr<float>();
  const float* terms = shift ? shift->const_data_ptr<float>() : nullptr;
  const Storage* from = stored<Storage>(x);
  Storage* to = mutableStored<Storage>(y);
  images.forEach([&](int64_t image, int64_t offset) {
    const int64_t vector = image * images.channels;
    scaleImage(images.layout, from + offset, factors + vector, terms ? terms + vector : nullptr, to + offset);
  });
}

// x [n, h, w, c] · gate [n, c].
Stored channelGate(const Stored& input, const at::Tensor& factors) {
  requireGate("ChannelGate", input.tensor, factors);
  if (!input.tensor.is_cpu()) return device::channelGate(input, factors, {});
  const at::Tensor x = input.tensor.contiguous(), gate = factors.contiguous();
  at::Tensor y = at::empty_like(x);
  withStorage(x, [&](auto type) { scaleImages<decltype(type)>(x, gate, nullptr, y); });
  return {y};
}

// x [n, h, w, c] · gate [n, c] + shift [n, c].
Stored channelGateShift(const Stored& input, const at::Tensor& factors, const at::Tensor& terms) {
  requireGate("ChannelGateShift", input.tensor, factors);
  requireGate("ChannelGateShift", input.tensor, terms);
  if (!input.tensor.is_cpu()) return device::channelGate(input, factors, terms);
  const at::Tensor x = input.tensor.contiguous(), gate = factors.contiguous(), shift = terms.contiguous();
  at::Tensor y = at::empty_like(x);
  withStorage(x, [&](auto type) { scaleImages<decltype(type)>(x, gate, &shift, y); });
  return {y};
}

// a, b [n, h, w, c] → [n, c], Σ over the pixels of a · b.
at::Tensor channelDot(const Stored& left, const Stored& right) {
  const bool fit = left.tensor.dim() == 4 && left.tensor.sizes() == right.tensor.sizes() && left.tensor.numel() > 0;
  requireShapes(fit, "ChannelDot", "a and b [n, h, w, c] of one shape, not empty", {left.tensor, right.tensor});
  if (!left.tensor.is_cpu()) return device::channelDot(left, right);
  const at::Tensor a = left.tensor.contiguous(), b = right.tensor.to(a.scalar_type()).contiguous();
  const Images images(a);
  at::Tensor sums = emptyFloats({images.batch, images.channels});
  withStorage(a, [&](auto type) {
    using Storage = decltype(type);
    const auto product = [](const auto& rows, int64_t at) { return load(rows[0] + at) * load(rows[1] + at); };
    images.forEach([&](int64_t image, int64_t offset) {
      sumPixels<2, Storage>(images.layout, {stored<Storage>(a) + offset, stored<Storage>(b) + offset},
                            product, sums.mutable_data_ptr<float>() + image * images.channels);
    });
  });
  return sums;
}

// → dx = dy · gate, dgate [n, c] = Σ over the pixels of dy · x.
std::tuple<Stored, at::Tensor> channelGateGrad(const Stored& dy, const Stored& x, const at::Tensor& gate) {
  requireGate("ChannelGateGrad", x.tensor, gate);
  if (!x.tensor.is_cpu()) return device::channelGateGrad(dy, x, gate);
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
