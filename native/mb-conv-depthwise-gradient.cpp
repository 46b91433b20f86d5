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
        filter_(paddedRows(pass.call.weights.filter, shape_.taps(), shape_.channels)) {}

  // Through the second norm and the depthwise convolution behind the first norm's activation.
  template <Activation activation>
  void depthwise(const NormGradient& second, int64_t part, PartSums& sums) {
    const DepthwiseShape& of = shape_.depthwise;
    std::vector<Band> bands;
    for (int64_t row = 0; row < of.outHeight || row * of.stride < of.height; row += of.bandHeight())
      bands.emplace_back(of, row);
    // None is larger.
    const Band& largest = bands.front();
    auto scratch = AlignedFloats::unset(largest.floats() * BlockGroup::MOST);
    const int64_t pixels = shape_.keepsExpanded() ? 0 : largest.expandedPixels(of);
    auto expanded = AlignedFloats::unset(pixels * LANES * BlockGroup::MOST);
    const int64_t largestGroup = BlockGroup(of, 0).count;
    for (int64_t image = pass_.firstImage(part); image < pass_.endImage(part); ++image) {
      for (int64_t group = 0; group < of.groups(); ++group) {
        const BlockGroup blocks(of, group);
        // The first group is the largest, and all images have the same border.
        const bool kept = bands.size() == 1 && (image > pass_.firstImage(part) || group > 0);
        for (const Band& band : bands) {
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
    // Of each row of the input, one after the other for its first `stride` columns.
    std::vector<TapGrid> taps;

    Band(const DepthwiseShape& of, int64_t output) : row(output * of.stride) {
      outputs = std::clamp<int64_t>(of.outHeight - output, 0, of.bandHeight());
      end = std::min(of.height, row + of.bandHeight() * of.stride);
      const int64_t rows = outputs == 0 ? 0 : of.packedHeight(outputs);
      input = {row - of.top, -of.left, std::max(rows, end - row + of.top),
               std::max(of.packedWidth(), of.width + of.left)};
      const Reach down(row, end, of.top, of), across(0, of.width, of.left, of);
      gradient.row = std::min(down.first, output);
      gradient.column = std::min<int64_t>(across.first, 0);
      gradient.rows = std::max(down.end, output + outputs) - gradient.row;
      gradient.columns = std::max(across.end, of.outWidth) - gradient.column;
      for (int64_t at = row; at < end; ++at) {
        for (int64_t column = 0; column < std::min(of.stride, of.width); ++column) {
          taps.push_back(gradientTaps(of, at, column, gradient.row, gradient.column, gradient.columns * LANES));
        }
      }
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
    return {image, before, pass_.expansion.rows(image * shape_.pixels() + before, expanded.pixels(of), group, scratch)};
  }

  template <Activation activation>
  void packInput(const Band& band, const Source& source, const Planes& planes) const {
    const int64_t channel = planes.channel(0), floats = band.input.floats();
    const int64_t blocks = planes.group.count, slopes = planes.slopes - planes.values;
    packRectangle(shape_.depthwise, blocks, band.input, planes.border, planes.values, [=, this](const PixelRun& run) {
      byFewVectors(blocks, [&](auto few, int64_t first) {
        NormLanes norms[few.value];
#pragma GCC unroll 4
        for (int block = 0; block < few.value; ++block) norms[block] = norm1_.lanes(channel + (first + block) * LANES);
        const float* x = source.pixel(run.pixel) + first * LANES;
        float* to = run.to + first * floats;
        for (int64_t at = 0; at < run.count; ++at, x += source.rows.pitch, to += LANES) {
#pragma GCC unroll 4
          for (int block = 0; block < few.value; ++block) {
            const Activated y = activatedWithSlope<activation>(norms[block].scaled(load(x + block * LANES)));
            store(to + block * floats, y.value);
            store(to + block * floats + slopes, y.slope);
          }
        }
      });
    });
  }

  // Through the second norm.
  void packGradient(const NormGradient& second, const Band& band, int64_t image, const Planes& planes) const {
    const int64_t width = shape_.width(), channel = planes.channel(0), floats = band.gradient.floats();
    const int64_t blocks = planes.group.count, offset = image * shape_.outPixels() * width + channel;
    const float *g = maps_.middle + offset, *x = kept_.filtered + offset;
    const auto pack = [=, &second](const PixelRun& run) {
      byFewVectors(blocks, [&](auto few, int64_t first) {
        NormGradientLanes norms[few.value];
#pragma GCC unroll 4
        for (int block = 0; block < few.value; ++block) norms[block] = second.lanes(channel + (first + block) * LANES);
        int64_t place = run.pixel * width + first * LANES;
        float* to = run.to + first * floats;
        for (int64_t at = 0; at < run.count; ++at, place += width, to += LANES) {
#pragma GCC unroll 4
          for (int block = 0; block < few.value; ++block) {
            const int64_t from = place + block * LANES;
            store(to + block * floats, norms[block].input(load(g + from), load(x + from)));
          }
        }
      });
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

  // g behind the first norm's activation, and that norm's sums.
  void toInput(const Band& band, const Source& source, const Planes& planes, PartSums& sums) {
    const DepthwiseShape& of = shape_.depthwise;
    Lanes offsets[BlockGroup::MOST], scales[BlockGroup::MOST];
    for (int64_t block = 0; block < planes.group.count; ++block) offsets[block] = scales[block] = splat(0.0f);
    const TapGrid* taps = band.taps.data();
    for (int64_t row = band.row; row < band.end; ++row) {
      for (int64_t column = 0; column < std::min(of.stride, of.width); ++column, ++taps) {
        for (int64_t block = 0; block < planes.group.count; ++block) {
          inputRow(band, *taps, source, planes, {row, column, block}, offsets[block], scales[block]);
        }
      }
    }
    for (int64_t block = 0; block < planes.group.count; ++block) {
      const int64_t channel = planes.channel(block);
      sums.add(channel, offsets[block], scales[block] * load(norm1_.factor.data() + channel));
    }
  }

  struct PixelPlace {
    int64_t row, column, block;
  };

  // Every `stride`-th pixel of a row.
  [[gnu::always_inline]] void inputRow(const Band& band, const TapGrid& taps, const Source& source,
                                       const Planes& planes, const PixelPlace& at, Lanes& offsets, Lanes& scales) {
    const DepthwiseShape& of = shape_.depthwise;
    const int64_t stride = of.stride, channel = planes.channel(at.block), pixel = at.row * of.width + at.column;
    const int64_t packed = (at.row - band.input.row) * band.input.columns + at.column - band.input.column;
    const float* slopes = planes.slopes + at.block * band.input.floats() + packed * LANES;
    const float* x = source.pixel(pixel) + at.block * LANES;
    float* to = maps_.inner + (source.image * shape_.pixels() + pixel) * shape_.width() + channel;
    const int64_t slopeStep = stride * LANES, xStep = stride * source.rows.pitch, step = stride * shape_.width();
    const Lanes mean = load(norm1_.mean.data() + channel);
    Lanes offset = offsets, scale = scales;
    sumRow(planes.gradients + at.block * band.gradient.floats(), taps, LANES, filter_.data() + channel,
           (of.width - at.column + stride - 1) / stride, [&](int64_t j, Lanes sum) __attribute__((always_inline)) {
             const Lanes g = sum * load(slopes + j * slopeStep);
             store(to + j * step, g);
             offset += g;
             scale += g * (load(x + j * xStep) - mean);
           });
    offsets = offset;
    scales = scale;
  }

  const ChannelNorm& norm1_;
  const PaddedMatrix filter_;
};

}  // namespace

NormGradient gradientOfDepthwise(MbConvBackward& pass, const NormGradient& second) {
  DepthwiseStep step(pass);
  return withActivation(pass.call.activation, [&](auto fixed) {
    return pass.normGradient(pass.norm1, pass.shape.pixels(), pass.shape.width(),
                             [&](int64_t part, PartSums& sums) { step.depthwise<fixed.value>(second, part, sums); });
  });
}

}  // namespace dna
