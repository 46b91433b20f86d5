// What the training passes of a whole MBConv share: shapes, weights and norms, their channels padded to whole vectors so
// that no loop masks; padded channels stay 0.
#pragma once

#include <array>
#include <vector>

#include "activation.h"
#include "aligned-floats.h"
#include "depthwise-planes.h"
#include "moments.h"

namespace dna {

// Places of the weights in the list that TypeScript gives (`nn/kernels.ts`, MbConvTraining).
enum MbConvWeight {
  EXPAND, SCALE_1, OFFSET_1, FILTER, SCALE_2, OFFSET_2, REDUCE, REDUCE_BIAS, EXCITE, EXCITE_BIAS, PROJECT, SCALE_3, OFFSET_3,
  MB_CONV_WEIGHTS
};

struct MbConvShape {
  // Its channels are the padded ones.
  DepthwiseShape depthwise;
  int64_t inputs, channels, reduced, outputs;

  int64_t batch() const { return depthwise.batch; }
  int64_t pixels() const { return depthwise.height * depthwise.width; }
  int64_t outPixels() const { return depthwise.outHeight * depthwise.outWidth; }
  int64_t width() const { return depthwise.channels; }
  int64_t outWidth() const { return wholeVectors(outputs); }
  int64_t taps() const { return depthwise.kernel * depthwise.kernel; }
};

// The weights as the passes read them: in one piece, 1×1 filters [1, 1, c, o] as matrices [c, o].
std::vector<at::Tensor> mbConvWeights(const std::vector<at::Tensor>& given);

// Throws a ShapeError where they do not fit together.
MbConvShape mbConvShape(const char* op, const at::Tensor& x, const std::vector<at::Tensor>& weights,
                        const std::vector<int64_t>& strides, const std::vector<int64_t>& padding);

// The small network of squeeze-and-excitation on one image's means.
struct Squeeze {
  // [channels, reduced] and [reduced, channels]
  PaddedMatrix reduce, excite;
  AlignedFloats reduceBias, exciteBias;

  Squeeze(const MbConvShape& shape, const std::vector<at::Tensor>& weights);

  // What a forward pass computes for one image: reduced values before and behind their activation, the gate.
  struct Values {
    AlignedFloats before, hidden, gate;
    explicit Values(const Squeeze& of) : before(of.reduce.width()), hidden(of.reduce.width()), gate(of.excite.width()) {}
  };

  template <Activation activation>
  void forward(const float* mean, Values& values) const {
    for (int64_t at = 0; at < reduce.width(); at += LANES) {
      Lanes sum = load(&reduceBias.data()[at]);
      for (int64_t channel = 0; channel < reduce.rows(); ++channel) {
        sum += mean[channel] * load(reduce.data() + channel * reduce.width() + at);
      }
      store(values.before.data() + at, sum);
      store(values.hidden.data() + at, activated<activation>(sum));
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

inline float sumOf(Lanes lanes) {
  float sum = 0;
  for (int64_t lane = 0; lane < LANES; ++lane) sum += lanes[lane];
  return sum;
}

// Batch norm by the batch's statistics.
struct ChannelNorm {
  AlignedFloats mean, factor, gain, offset;

  ChannelNorm(const at::Tensor& means, const at::Tensor& variances, const at::Tensor& scale, const at::Tensor& offsets,
              double epsilon);

  Lanes standard(Lanes x, int64_t at) const { return (x - load(mean.data() + at)) * load(factor.data() + at); }
  Lanes scaled(Lanes x, int64_t at) const {
    return (x - load(mean.data() + at)) * load(gain.data() + at) + load(offset.data() + at);
  }
};

// A vector of float32 without its padding.
at::Tensor unpadded(const float* values, int64_t count);
// Rows of whole vectors [rows, width] → [rows, columns].
at::Tensor unpadded(const float* values, int64_t rows, int64_t columns);

}  // namespace dna
