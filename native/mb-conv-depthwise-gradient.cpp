// An MBConv's gradient through its second norm and the depthwise convolution.
#include "depthwise-filter-sums.h"
#include "depthwise-taps.h"
#include "mb-conv-backward.h"

namespace dna {

namespace {

class DepthwiseStep : BackwardStep {
 public:
  explicit DepthwiseStep(MbConvBackward& pass) : BackwardStep(pass), norm1_(pass.norm1), norm2_(pass.norm2) {}

  // Through the second norm and the depthwise convolution behind the first norm's activation.
  template <Activation activation>
  void depthwise(const NormGradient& second, int64_t part, PartSums& sums) {
    const DepthwiseShape& of = shape_.depthwise;
    const PaddedMatrix filter = paddedRows(pass_.call.weights.filter, shape_.taps(), shape_.channels);
    const int64_t band = of.bandHeight();
    const int64_t read = of.packedHeight(band) * of.packedWidth() + band * of.outWidth;
    const Reach rows(0, inputBand(), of.top, of), columns(0, of.width, of.left, of);
    const int64_t reached = (rows.end - rows.first + 1) * (columns.end - columns.first);
    AlignedFloats scratch(std::max(read, reached) * LANES * BlockGroup::MOST);
    for (int64_t image = pass_.firstImage(part); image < pass_.endImage(part); ++image) {
      for (int64_t group = 0; group < of.groups(); ++group) {
        const BlockGroup blocks(of, group);
        for (int64_t row = 0; row < of.outHeight; row += band) {
          bandToFilter<activation>(second, {image, row}, blocks, scratch.data(), pass_.sums[part].filter.data());
        }
        for (int64_t row = 0; row < of.height; row += inputBand()) {
          bandToInput<activation>(second, {image, row}, blocks, {filter.data(), scratch.data()}, sums);
        }
      }
    }
  }

 private:
  // Rows of the input whose gradient is made at a time.
  int64_t inputBand() const {
    const DepthwiseShape& of = shape_.depthwise;
    return std::min(of.height, of.bandHeight() * of.stride);
  }

  struct BandPlace {
    int64_t image, row;
  };
  struct Memory {
    const float* filter;
    float* scratch;
  };

  // The gradient of the depthwise map's pixels, through the second norm.
  void packMiddle(const NormGradient& second, int64_t image, const BlockGroup& group, const Rectangle& at, float* to) const {
    const int64_t width = shape_.width(), channel = group.first * LANES;
    const int64_t offset = image * shape_.outPixels() * width + channel;
    const float* g = maps_.middle + offset;
    const float* x = kept_.filtered + offset;
    packRectangle(shape_.depthwise.output(), group.count, at, to, [&](int64_t pixel, float* place) {
      for (int64_t block = 0; block < group.count; ++block) {
        const int64_t from = pixel * width + block * LANES, norm = channel + block * LANES;
        store(place + block * at.floats(), second.input(load(g + from), norm2_.standard(load(x + from), norm), norm));
      }
    });
  }

  template <Activation activation>
  void bandToFilter(const NormGradient& second, const BandPlace& at, const BlockGroup& group, float* scratch, float* sums) {
    const DepthwiseShape& of = shape_.depthwise;
    const int64_t width = shape_.width(), channel = group.first * LANES;
    const int64_t outputs = std::min(of.bandHeight(), of.outHeight - at.row);
    const Rectangle read{at.row * of.stride - of.top, -of.left, of.packedHeight(outputs), of.packedWidth()};
    const Rectangle written{at.row, 0, outputs, of.outWidth};
    float* gradients = scratch + group.count * read.floats();
    const float* image = kept_.expanded + at.image * shape_.pixels() * width + channel;
    packRectangle(of, group.count, read, scratch, [&](int64_t pixel, float* to) {
      for (int64_t block = 0; block < group.count; ++block) {
        const Lanes x = norm1_.scaled(load(image + pixel * width + block * LANES), channel + block * LANES);
        store(to + block * read.floats(), activated<activation>(x));
      }
    });
    packMiddle(second, at.image, group, written, gradients);
    for (int64_t block = 0; block < group.count; ++block) {
      const float *x = scratch + block * read.floats(), *dy = gradients + block * written.floats();
      float* to = sums + (group.first + block) * shape_.taps() * LANES;
      if (of.kernel == 3) accumulateBand<3>(x, dy, of, outputs, to);
      else if (of.kernel == 5) accumulateBand<5>(x, dy, of, outputs, to);
      else accumulateBand<7>(x, dy, of, outputs, to);
    }
  }

  template <Activation activation>
  void bandToInput(const NormGradient& second, const BandPlace& at, const BlockGroup& group, const Memory& memory,
                 PartSums& sums) {
    const DepthwiseShape& of = shape_.depthwise;
    const int64_t end = std::min(of.height, at.row + inputBand());
    const Reach rows(at.row, end, of.top, of), columns(0, of.width, of.left, of);
    const Rectangle reached{rows.first, columns.first, rows.end - rows.first, columns.end - columns.first};
    packMiddle(second, at.image, group, reached, memory.scratch);
    for (int64_t row = at.row; row < end; ++row) {
      for (int64_t column = 0; column < std::min(of.stride, of.width); ++column) {
        const std::vector<Tap> taps =
            gradientTaps(of, row, column, reached.row, reached.column, reached.columns * LANES);
        for (int64_t block = 0; block < group.count; ++block) {
          const float* plane = memory.scratch + block * reached.floats();
          inputRow<activation>({plane, memory.filter, taps}, {at.image, row, column, (group.first + block) * LANES}, sums);
        }
      }
    }
  }

  struct TapSource {
    const float* plane;
    const float* filter;
    const std::vector<Tap>& taps;
  };
  struct PixelPlace {
    int64_t image, row, column, channel;
  };

  // Every `stride`-th pixel of a row: g behind the first norm's activation, and that norm's sums.
  template <Activation activation>
  void inputRow(const TapSource& source, const PixelPlace& at, PartSums& sums) {
    const DepthwiseShape& of = shape_.depthwise;
    const int64_t width = shape_.width(), step = of.stride * width;
    const int64_t offset = ((at.image * of.height + at.row) * of.width + at.column) * width + at.channel;
    const float* x = kept_.expanded + offset;
    float* to = maps_.inner + offset;
    Lanes offsets = splat(0.0f), scales = splat(0.0f);
    const int64_t count = (of.width - at.column + of.stride - 1) / of.stride;
    sumRow(source.plane, source.taps, LANES, source.filter + at.channel, count, [&](int64_t j, Lanes sum) {
      const Lanes value = load(x + j * step);
      const Lanes g = activationGradient<activation>(sum, norm1_.scaled(value, at.channel));
      store(to + j * step, g);
      offsets += g;
      scales += g * norm1_.standard(value, at.channel);
    });
    sums.add(at.channel, offsets, scales);
  }

  const ChannelNorm &norm1_, &norm2_;
};

}  // namespace

NormGradient gradientOfDepthwise(MbConvBackward& pass, const NormGradient& second) {
  DepthwiseStep step(pass);
  return withActivation(pass.call.activation, [&](auto fixed) {
    return pass.normGradient(pass.norm1, pass.shape.pixels(), pass.shape.width(), [&](int64_t part, PartSums& sums) {
      step.depthwise<fixed.value>(second, part, sums);
    });
  });
}

}  // namespace dna
