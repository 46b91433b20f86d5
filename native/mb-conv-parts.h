// What both passes of an MBConv are made of: its norms, and squeeze-and-excitation on one image's means.
#pragma once

#include "lane-sums.h"
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

// Calls work(at, row, end) for each vector of columns of some rows of this width at a time, few enough to stay in the
// nearest cache: what belongs to the columns is then read once.
template <typename Work>
void byColumns(int64_t first, int64_t end, int64_t width, Work&& work) {
  constexpr int64_t FLOATS = 4 * 1024;
  const int64_t step = std::max<int64_t>(4, FLOATS / width);
  for (int64_t row = first; row < end; row += step) {
    for (int64_t at = 0; at < width; at += LANES) work(at, row, std::min(row + step, end));
  }
}

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
    const int64_t width = reduce.width(), count = reduce.rows();
    float *before = values.before.data(), *hidden = values.hidden.data(), *gate = values.gate.data();
    for (int64_t at = 0; at < count; ++at) {
      const float* row = reduce.data() + at * width;
      Lanes sum = splat(0.0f);
      for (int64_t channel = 0; channel < width; channel += LANES) sum += load(mean + channel) * load(row + channel);
      before[at] = reduceBias[at] + sumOf(sum);
    }
    for (int64_t at = 0; at < count; at += LANES) store(hidden + at, activated<activation>(load(before + at)));
    for (int64_t channel = 0; channel < width; channel += LANES) {
      const float* column = excite.data() + channel;
      Lanes sum = load(exciteBias.data() + channel);
      for (int64_t at = 0; at < count; ++at) sum += hidden[at] * load(column + at * width);
      store(gate + channel, sigmoid(sum));
    }
  }
};

// One norm's statistics and weights as they lie in memory.
struct NormSource {
  const float *mean, *variance, *scale, *offset;
};

// A norm of one vector of channels. In registers: what lies in memory is read again behind every store.
struct NormLanes {
  Lanes mean, factor, gain, offset;

  Lanes standard(Lanes x) const { return (x - mean) * factor; }
  Lanes scaled(Lanes x) const { return (x - mean) * gain + offset; }
};

// Batch norm by the batch's statistics.
struct ChannelNorm {
  AlignedFloats mean, factor, gain, offset;

  ChannelNorm(const NormSource& of, int64_t channels, double epsilon);

  NormLanes lanes(int64_t at) const {
    return {load(mean.data() + at), load(factor.data() + at), load(gain.data() + at), load(offset.data() + at)};
  }
};

}  // namespace dna
