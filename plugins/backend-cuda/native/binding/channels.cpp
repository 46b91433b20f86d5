// What squeeze-and-excitation takes of whole feature maps, an image a thread: x · gate + shift, sums over positions.
#include "op.h"
#include "row-groups.h"

namespace dna {

namespace {

int64_t imageFloats(const Tensor& x) { return x.shape[1] * x.shape[2] * x.shape[3]; }

RowGroups layoutOf(const Tensor& x) { return RowGroups(x.shape[1] * x.shape[2], x.shape[3]); }

void gateShift(Call& call) {
  const Tensor x = call.input(0), gate = call.input(1), shift = call.input(2);
  const Tensor y = call.output(0, x.shape);
  const RowGroups layout = layoutOf(x);
  parallel(x.shape[0], [&](int64_t image) {
    const float* from = x.data + image * imageFloats(x);
    float* const to = y.data + image * imageFloats(x);
    const float *factors = gate.data + image * layout.channels, *levels = shift.data + image * layout.channels;
    const std::vector<float> a = repeated(factors, layout), b = repeated(levels, layout);
    for (int64_t group = 0; group < layout.groups; ++group) {
      for (int64_t at = 0; at < layout.width; at += LANES) {
        store(to + group * layout.width + at, load(from + group * layout.width + at) * load(&a[at]) + load(&b[at]));
      }
    }
    for (int64_t at = layout.restOffset(); at < imageFloats(x); ++at) {
      to[at] = from[at] * factors[at % layout.channels] + levels[at % layout.channels];
    }
  });
}

// Sums over positions of a · b, or of a alone, times a factor.
template <bool product>
void sumPositions(const Tensor& a, const Tensor& b, float factor, const Tensor& sums) {
  const RowGroups layout = layoutOf(a);
  parallel(a.shape[0], [&](int64_t image) {
    const float *left = a.data + image * imageFloats(a), *right = b.data + image * imageFloats(a);
    std::vector<float> held(static_cast<size_t>(layout.width));
    for (int64_t group = 0; group < layout.groups; ++group) {
      for (int64_t at = 0; at < layout.width; at += LANES) {
        const Lanes value = load(left + group * layout.width + at);
        const Lanes other = product ? load(right + group * layout.width + at) : splat(1.0f);
        store(&held[at], load(&held[at]) + value * other);
      }
    }
    float* const to = sums.data + image * layout.channels;
    std::fill_n(to, layout.channels, 0.0f);
    for (int64_t at = 0; at < layout.width; ++at) to[at % layout.channels] += held[at];
    for (int64_t at = layout.restOffset(); at < imageFloats(a); ++at) {
      to[at % layout.channels] += left[at] * (product ? right[at] : 1.0f);
    }
    for (int64_t channel = 0; channel < layout.channels; ++channel) to[channel] *= factor;
  });
}

void dot(Call& call) {
  const Tensor a = call.input(0), b = call.input(1);
  sumPositions<true>(a, b, 1.0f, call.output(0, {a.shape[0], a.shape[3]}));
}

void mean(Call& call) {
  const Tensor x = call.input(0);
  const float share = 1.0f / static_cast<float>(x.shape[1] * x.shape[2]);
  sumPositions<false>(x, x, share, call.output(0, {x.shape[0], x.shape[3]}));
}

const bool GATE_SHIFT = registered<&gateShift>("DnaChannelGateShift", {"x", "gate", "shift"}, {"y"}, {});
const bool DOT = registered<&dot>("DnaChannelDot", {"a", "b"}, {"sums"}, {});
const bool MEAN = registered<&mean>("DnaGlobalMean", {"x"}, {"means"}, {});

}  // namespace

}  // namespace dna
