// What both passes of an MBConv are made of: its norms, and squeeze-and-excitation on one image's means.
#pragma once

#include "mb-conv.h"

namespace dna {

// Parts of a batch, each with sums of its own: by the work alone, so that the bits do not depend on the threads; as many
// as there is work for.
inline int64_t mbConvParts(const MbConvShape& shape) {
  constexpr int64_t MOST = 8, FLOATS = 64 * 1024;
  return std::clamp<int64_t>(shape.expandedFloats() / FLOATS, 1, MOST);
}

// Floats of a wide map that are made and summed up at a time.
constexpr int64_t MB_CONV_CHUNK = 32 * 1024;

// Rows of a map of this width that are worked on at a time: whole tiles of a product.
inline int64_t chunkRows(int64_t width) { return std::max<int64_t>(24, MB_CONV_CHUNK / width / 24 * 24); }

struct Squeeze {
  // Both [reduced, channels].
  PaddedMatrix reduce, excite;
  AlignedFloats reduceBias, exciteBias;

  Squeeze(const MbConvShape& shape, const MbConvWeights& weights)
      : reduce(paddedColumns(weights.reduce, shape.reduced, shape.channels)),
        excite(paddedRows(weights.excite, shape.reduced, shape.channels)),
        reduceBias(padded(weights.reduceBias, shape.reduced)),
        exciteBias(padded(weights.exciteBias, shape.channels)) {}

  // What a forward pass computes for one image: reduced values before and behind their activation, the gate.
  struct Values {
    AlignedFloats before, hidden, gate;
    explicit Values(const Squeeze& of) : before(of.reduce.rows()), hidden(of.reduce.rows()), gate(of.excite.width()) {}
  };

  template <Activation activation>
  void forward(const float* mean, Values& values) const {
    for (int64_t hidden = 0; hidden < reduce.rows(); ++hidden) {
      const float* row = reduce.data() + hidden * reduce.width();
      Lanes sum = splat(0.0f);
      for (int64_t at = 0; at < reduce.width(); at += LANES) sum += load(mean + at) * load(row + at);
      values.before[hidden] = reduceBias[hidden] + sumOf(sum);
    }
    for (int64_t at = 0; at < reduce.rows(); at += LANES) {
      store(values.hidden.data() + at, activated<activation>(load(values.before.data() + at)));
    }
    for (int64_t at = 0; at < excite.width(); at += LANES) {
      Lanes sum = load(&exciteBias.data()[at]);
      for (int64_t hidden = 0; hidden < excite.rows(); ++hidden) {
        sum += values.hidden[hidden] * load(excite.data() + hidden * excite.width() + at);
      }
      store(values.gate.data() + at, sigmoid(sum));
    }
  }
};

// One norm's statistics and weights as they lie in memory.
struct NormSource {
  const float *mean, *variance, *scale, *offset;
};

// Batch norm by the batch's statistics.
struct ChannelNorm {
  AlignedFloats mean, factor, gain, offset;

  ChannelNorm(const NormSource& of, int64_t channels, double epsilon);

  Lanes standard(Lanes x, int64_t at) const { return (x - load(mean.data() + at)) * load(factor.data() + at); }
  Lanes scaled(Lanes x, int64_t at) const {
    return (x - load(mean.data() + at)) * load(gain.data() + at) + load(offset.data() + at);
  }
};

}  // namespace dna
