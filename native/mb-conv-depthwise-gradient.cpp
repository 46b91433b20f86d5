// An MBConv's gradient through its second norm and the depthwise convolution.
#include "depthwise-filter-sums.h"
#include "depthwise-taps.h"
#include "mb-conv-backward.h"

namespace dna {

namespace {

class DepthwiseStep : BackwardStep {
 public:
  explicit DepthwiseStep(MbConvBackward& pass)
      : BackwardStep(pass),
        norm1_(pass.norm1),
        norm2_(pass.norm2),
        filter_(paddedRows(pass.call.weights.filter, shape_.taps(), shape_.channels)) {}

  // Through the second norm and the depthwise convolution behind the first norm's activation.
  template <Activation activation>
  void depthwise(const NormGradient& second, int64_t part, PartSums& sums) {
    const DepthwiseShape& of = shape_.depthwise;
    // None is larger than the first.
    const Band largest(of, 0);
    auto scratch = AlignedFloats::unset(largest.floats() * BlockGroup::MOST);
    const int64_t pixels = shape_.keepsExpanded() ? 0 : largest.expandedPixels(of);
    auto expanded = AlignedFloats::unset(pixels * LANES * BlockGroup::MOST);
    const int64_t largestGroup = BlockGroup(of, 0).count;
    const bool oneBand = of.oneBand() && of.outHeight * of.stride >= of.height;
    for (int64_t image = pass_.firstImage(part); image < pass_.endImage(part); ++image) {
      for (int64_t group = 0; group < of.groups(); ++group) {
        const BlockGroup blocks(of, group);
        // The first group is the largest, and all images have the same border.
        const bool kept = oneBand && (image > pass_.firstImage(part) || group > 0);
        for (int64_t row = 0; row < of.outHeight || row * of.stride < of.height; row += of.bandHeight()) {
          const Band band(of, row);
          const Planes planes(band, {blocks, largestGroup, kept ? Border::Kept : Border::Written}, scratch.data());
          const Source x = source(band, image, blocks, expanded.data());
          packInput<activation>(band, x, planes);
          packGradient(second, band, image, planes);
          toFilter(band, planes, pass_.sums[part].filter.data());
          toInput(band, x, planes, sums);
        }
      }
    }
  }

 private:
  // Some rows of outputs, the rows of the input that begin where theirs do, and what is packed for both: the input that
  // the outputs read, and the gradients that the input is reached by.
  struct Band {
    int64_t outputs, row, end;
    Rectangle input, gradient;

    Band(const DepthwiseShape& of, int64_t output) : row(output * of.stride) {
      outputs = std::clamp<int64_t>(of.outHeight - output, 0, of.bandHeight());
      end = std::min(of.height, row + of.bandHeight() * of.stride);
      const int64_t rows = outputs == 0 ? 0 : of.packedHeight(outputs);
      input = {row - of.top, -of.left, std::max(rows, end - row + of.top), std::max(of.packedWidth(), of.width + of.left)};
      const Reach down(row, end, of.top, of), across(0, of.width, of.left, of);
      gradient.row = std::min(down.first, output);
      gradient.column = std::min<int64_t>(across.first, 0);
      gradient.rows = std::max(down.end, output + outputs) - gradient.row;
      gradient.columns = std::max(across.end, of.outWidth) - gradient.column;
    }

    // At most: rows beyond the image are not expanded.
    int64_t expandedPixels(const DepthwiseShape& of) const { return input.rows * of.width; }

    // Of one block's planes.
    int64_t floats() const { return 2 * input.floats() + gradient.floats(); }
  };

  // Of a group of blocks, one behind the other: the input behind its activation, the activation's slopes in the same
  // places, and the gradient of the output.
  struct Planes {
    struct Group {
      const BlockGroup& blocks;
      // Blocks of the largest group: all groups' planes lie in the same places.
      int64_t most;
      Border border;
    };
    const BlockGroup& group;
    const Border border;
    float *values, *slopes, *gradients;

    Planes(const Band& band, const Group& of, float* memory)
        : group(of.blocks),
          border(of.border),
          values(memory),
          slopes(values + of.most * band.input.floats()),
          gradients(slopes + of.most * band.input.floats()) {}

    int64_t channel(int64_t block) const { return (group.first + block) * LANES; }
  };

  // The expanded map of a band of an image: `before` is the first of its pixels.
  struct Source {
    int64_t image, before;
    ExpandedRows rows;

    const float* pixel(int64_t at) const { return rows.values + (at - before) * rows.pitch; }
  };

  Source source(const Band& band, int64_t image, const BlockGroup& group, float* scratch) const {
    const DepthwiseShape& of = shape_.depthwise;
    const ExpandedBand expanded(of, band.input);
    const int64_t before = expanded.first * of.width;
    return {image, before,
            pass_.expansion.rows(image * shape_.pixels() + before, expanded.pixels(of), group, scratch)};
  }

  template <Activation activation>
  void packInput(const Band& band, const Source& source, const Planes& planes) const {
    const int64_t channel = planes.channel(0), floats = band.input.floats();
    const int64_t blocks = planes.group.count, slopes = planes.slopes - planes.values;
    packRectangle(shape_.depthwise, blocks, band.input, planes.border, planes.values, [=, this](int64_t pixel, float* to) {
      const float* from = source.pixel(pixel);
      for (int64_t block = 0; block < blocks; ++block, to += floats) {
        const Lanes x = load(from + block * LANES);
        const Activated y = activatedWithSlope<activation>(norm1_.scaled(x, channel + block * LANES));
        store(to, y.value);
        store(to + slopes, y.slope);
      }
    });
  }

  // Through the second norm.
  void packGradient(const NormGradient& second, const Band& band, int64_t image, const Planes& planes) const {
    const int64_t width = shape_.width(), channel = planes.channel(0), floats = band.gradient.floats();
    const int64_t blocks = planes.group.count, offset = image * shape_.outPixels() * width + channel;
    const float *g = maps_.middle + offset, *x = kept_.filtered + offset;
    const auto pack = [=, this, &second](int64_t pixel, float* to) {
      for (int64_t block = 0; block < blocks; ++block, to += floats) {
        const int64_t place = pixel * width + block * LANES, norm = channel + block * LANES;
        store(to, second.input(load(g + place), norm2_.standard(load(x + place), norm), norm));
      }
    };
    packRectangle(shape_.depthwise.output(), blocks, band.gradient, planes.border, planes.gradients, pack);
  }

  void toFilter(const Band& at, const Planes& planes, float* sums) const {
    const DepthwiseShape& of = shape_.depthwise;
    const int64_t output = at.row / of.stride;
    const int64_t first = ((output - at.gradient.row) * at.gradient.columns - at.gradient.column) * LANES;
    const FilterBand band{at.outputs, of.outWidth, of.stride, at.input.columns * LANES, at.gradient.columns * LANES};
    for (int64_t block = 0; block < planes.group.count; ++block) {
      const float* x = planes.values + block * at.input.floats();
      const float* dy = planes.gradients + block * at.gradient.floats() + first;
      float* to = sums + planes.channel(block) * shape_.taps();
      if (of.kernel == 3) accumulateBand<3>(x, dy, band, to);
      else if (of.kernel == 5) accumulateBand<5>(x, dy, band, to);
      else accumulateBand<7>(x, dy, band, to);
    }
  }

  void toInput(const Band& band, const Source& source, const Planes& planes, PartSums& sums) {
    const DepthwiseShape& of = shape_.depthwise;
    for (int64_t row = band.row; row < band.end; ++row) {
      for (int64_t column = 0; column < std::min(of.stride, of.width); ++column) {
        const TapGrid taps =
            gradientTaps(of, row, column, band.gradient.row, band.gradient.column, band.gradient.columns * LANES);
        const int64_t packed = ((row - band.input.row) * band.input.columns + column - band.input.column) * LANES;
        for (int64_t block = 0; block < planes.group.count; ++block) {
          const float* slopes = planes.slopes + block * band.input.floats() + packed;
          const float* gradients = planes.gradients + block * band.gradient.floats();
          const float* x = source.pixel(row * of.width + column) + block * LANES;
          inputRow({gradients, slopes, x, source.rows.pitch, taps}, {source.image, row, column, planes.channel(block)}, sums);
        }
      }
    }
  }

  struct RowSource {
    const float *gradients, *slopes, *x;
    int64_t pitch;
    const TapGrid& taps;
  };
  struct PixelPlace {
    int64_t image, row, column, channel;
  };

  // Every `stride`-th pixel of a row: g behind the first norm's activation, and that norm's sums.
  void inputRow(const RowSource& from, const PixelPlace& at, PartSums& sums) {
    const DepthwiseShape& of = shape_.depthwise;
    const int64_t width = shape_.width(), stride = of.stride, step = stride * width;
    const int64_t offset = ((at.image * of.height + at.row) * of.width + at.column) * width + at.channel;
    const float *x = from.x, *slopes = from.slopes;
    const int64_t xStep = stride * from.pitch;
    float* to = maps_.inner + offset;
    const Lanes mean = load(norm1_.mean.data() + at.channel);
    Lanes offsets = splat(0.0f), scales = splat(0.0f);
    const int64_t count = (of.width - at.column + stride - 1) / stride;
    sumRow(from.gradients, from.taps, LANES, filter_.data() + at.channel, count, [&](int64_t j, Lanes sum) {
      const Lanes g = sum * load(slopes + j * stride * LANES);
      store(to + j * step, g);
      offsets += g;
      scales += g * (load(x + j * xStep) - mean);
    });
    sums.add(at.channel, offsets, scales * load(norm1_.factor.data() + at.channel));
  }

  const ChannelNorm &norm1_, &norm2_;
  const PaddedMatrix filter_;
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
