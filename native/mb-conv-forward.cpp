// The forward pass of a whole MBConv in training.
//
// Between two batch norms nothing depends on other images, so that each image goes through several layers while it is in
// the cache: of the wide feature maps only those before a norm are written, and each is read once.
#include "depthwise-taps.h"
#include "image-parts.h"
#include "mb-conv-expansion.h"
#include "moments.h"
#include "parallel.h"

namespace dna {

namespace {

class Forward {
 public:
  Forward(const MbConvCall& call, const MbConvOutputs& outputs)
      : shape_(call.shape),
        call_(call),
        outputs_(outputs),
        parts_(call.shape.batch(), mbConvParts(call.shape)),
        expansion_(call, outputs.expanded) {}

  template <Activation activation>
  void run() {
    const MbConvWeights& weights = call_.weights;
    const Norm first{outputs_.mean1, outputs_.variance1, weights.scale1, weights.offset1, shape_.channels};
    const Norm second{outputs_.mean2, outputs_.variance2, weights.scale2, weights.offset2, shape_.channels};
    const Norm third{outputs_.mean3, outputs_.variance3, weights.scale3, weights.offset3, shape_.outputs};
    const ChannelNorm norm1 = normAfter(first, [&](const Images& of, ChannelMoments& moments) { expand(of, moments); });
    const PaddedMatrix taps = paddedRows(weights.filter, shape_.taps(), shape_.channels);
    const ChannelNorm norm2 = normAfter(
        second, [&](const Images& of, ChannelMoments& moments) { filter<activation>({norm1, taps}, of, moments); });
    const Projection projection{norm2, Squeeze(shape_, weights),
                                paddedRows(weights.project, shape_.channels, shape_.outputs)};
    const ChannelNorm norm3 = normAfter(
        third, [&](const Images& of, ChannelMoments& moments) { project<activation>(projection, of, moments); });
    overParts([&](int64_t, const Images& of) { finish(norm3, of); });
  }

 private:
  // Where a norm's statistics go, and its weights.
  struct Norm {
    float *mean, *variance;
    const float *scale, *offset;
    int64_t channels;
  };
  // Those of a part, one past the last.
  struct Images {
    int64_t begin, end;
  };
  // The moments of a map [image, pixels, width], added up while it is in the cache, small images some at a time.
  struct ImageMoments {
    static constexpr int64_t ROWS = 64;
    ChannelMoments& moments;
    const float* map;
    int64_t pixels, width;
    Images images;

    // The map has been made up to this image.
    void add(int64_t image) {
      const int64_t end = image + 1, rows = (end - images.begin) * pixels;
      if (rows < ROWS && end < images.end) return;
      moments.add(map + images.begin * pixels * width, rows);
      images.begin = end;
    }
  };
  struct Filtering {
    const ChannelNorm& norm;
    const PaddedMatrix& taps;
  };
  struct Projection {
    const ChannelNorm& norm;
    Squeeze squeeze;
    PaddedMatrix matrix;
  };

  template <typename Work>
  void overParts(Work&& work) const {
    parallel(parts_.count,
             [&](int64_t part) { work(part, Images{parts_.first(part), parts_.end(part, shape_.batch())}); });
  }

  // The norm of what `work` makes; it sums up moments of each part's own.
  template <typename Work>
  ChannelNorm normAfter(const Norm& norm, Work&& work) const {
    std::vector<ChannelMoments> moments(static_cast<size_t>(parts_.count), ChannelMoments(wholeVectors(norm.channels)));
    overParts([&](int64_t part, const Images& images) { work(images, moments[part]); });
    for (size_t part = 1; part < moments.size(); ++part) moments[0].merge(moments[part]);
    for (int64_t channel = 0; channel < norm.channels; ++channel) {
      norm.mean[channel] = static_cast<float>(moments[0].mean(channel));
      norm.variance[channel] = static_cast<float>(moments[0].variance(channel));
    }
    return {{norm.mean, norm.variance, norm.scale, norm.offset}, norm.channels, call_.epsilon};
  }

  void expand(const Images& of, ChannelMoments& moments) {
    const int64_t width = shape_.width(), chunk = chunkRows(width), end = of.end * shape_.pixels();
    const bool keeps = shape_.keepsExpanded();
    auto scratch = AlignedFloats::unset(keeps ? 0 : chunk * width);
    for (int64_t row = of.begin * shape_.pixels(); row < end; row += chunk) {
      const int64_t rows = std::min(chunk, end - row);
      float* to = keeps ? outputs_.expanded + row * width : scratch.data();
      expansion_.compute(row, rows, to);
      moments.add(to, rows);
    }
  }

  template <Activation activation>
  void filter(const Filtering& filtering, const Images& images, ChannelMoments& moments) {
    const DepthwiseShape& of = shape_.depthwise;
    const int64_t height = of.packedHeight(of.bandHeight());
    auto planes = AlignedFloats::unset(height * of.packedWidth() * LANES * BlockGroup::MOST);
    auto expanded = AlignedFloats::unset(shape_.keepsExpanded() ? 0 : height * of.width * LANES * BlockGroup::MOST);
    ImageMoments sums{moments, outputs_.filtered, shape_.outPixels(), shape_.width(), images};
    for (int64_t image = images.begin; image < images.end; ++image) {
      for (int64_t group = 0; group < of.groups(); ++group) {
        // The first group is the largest, and all images have the same border.
        const bool kept = of.oneBand() && (image > images.begin || group > 0);
        const Band band{image, BlockGroup(of, group), kept ? Border::Kept : Border::Written};
        for (int64_t row = 0; row < of.outHeight; row += of.bandHeight()) {
          filterBand<activation>(filtering, band, row, {planes.data(), expanded.data()});
        }
      }
      sums.add(image);
    }
  }

  struct Band {
    int64_t image;
    BlockGroup group;
    Border border;
  };
  struct Memory {
    float *planes, *expanded;
  };

  template <Activation activation>
  void filterBand(const Filtering& by, const Band& at, int64_t firstRow, const Memory& memory) {
    const DepthwiseShape& of = shape_.depthwise;
    const BlockGroup& group = at.group;
    const int64_t width = shape_.width(), channel = group.first * LANES;
    const int64_t outputs = std::min(of.bandHeight(), of.outHeight - firstRow), pitch = of.packedWidth() * LANES;
    const Rectangle read{firstRow * of.stride - of.top, -of.left, of.packedHeight(outputs), of.packedWidth()};
    const ExpandedBand band(of, read);
    const int64_t before = band.first * of.width, floats = read.floats(), blocks = group.count;
    const ExpandedRows from =
        expansion_.rows(at.image * shape_.pixels() + before, band.pixels(of), group, memory.expanded);
    packRectangle(of, blocks, read, at.border, memory.planes, [=, &by](const PixelRun& run) {
      byFewVectors(blocks, [&](auto few, int64_t first) {
        NormLanes norms[few.value];
#pragma GCC unroll 4
        for (int block = 0; block < few.value; ++block) norms[block] = by.norm.lanes(channel + (first + block) * LANES);
        const float* x = from.values + (run.pixel - before) * from.pitch + first * LANES;
        float* to = run.to + first * floats;
        for (int64_t at = 0; at < run.count; ++at, x += from.pitch, to += LANES) {
#pragma GCC unroll 4
          for (int block = 0; block < few.value; ++block) {
            store(to + block * floats, activated<activation>(norms[block].scaled(load(x + block * LANES))));
          }
        }
      });
    });
    float* to = outputs_.filtered + (at.image * shape_.outPixels() + firstRow * of.outWidth) * width + channel;
    for (int64_t row = 0; row < outputs; ++row) {
      const TapGrid taps = convolutionTaps(of, pitch, firstRow + row);
      for (int64_t block = 0; block < group.count; ++block) {
        float* result = to + row * of.outWidth * width + block * LANES;
        sumRow(memory.planes + block * floats + row * of.stride * pitch, taps, of.stride * LANES,
               by.taps.data() + channel + block * LANES, of.outWidth,
               [=](int64_t column, Lanes sum) __attribute__((always_inline)) { store(result + column * width, sum); });
      }
    }
  }

  template <Activation activation>
  void project(const Projection& by, const Images& images, ChannelMoments& moments) {
    const int64_t width = shape_.width(), outWidth = shape_.outWidth(), pixels = shape_.outPixels();
    auto scratch = AlignedFloats::unset(pixels * width), mean = AlignedFloats::unset(width);
    Squeeze::Values values(by.squeeze);
    ImageMoments sums{moments, outputs_.projected, pixels, outWidth, images};
    for (int64_t image = images.begin; image < images.end; ++image) {
      const float* from = outputs_.filtered + image * pixels * width;
      activateImage<activation>(by.norm, from, scratch.data(), mean.data());
      by.squeeze.forward<activation>(mean.data(), values);
      std::copy_n(mean.data(), shape_.channels, outputs_.mean + image * shape_.channels);
      std::copy_n(values.gate.data(), shape_.channels, outputs_.gate + image * shape_.channels);
      scaleChannels(scratch.data(), values.gate.data());
      float* to = outputs_.projected + image * pixels * outWidth;
      multiply<false>(pixels, {scratch.data(), width}, shape_.channels, {by.matrix.data(), outWidth}, outWidth,
                      {to, outWidth, false});
      sums.add(image);
    }
  }

  template <Activation activation>
  void activateImage(const ChannelNorm& norm, const float* from, float* to, float* mean) const {
    const int64_t width = shape_.width(), pixels = shape_.outPixels();
    byFewVectors(width / LANES, [&](auto few, int64_t first) {
      NormLanes norms[few.value];
      Lanes sums[few.value];
#pragma GCC unroll 4
      for (int vector = 0; vector < few.value; ++vector) {
        norms[vector] = norm.lanes((first + vector) * LANES);
        sums[vector] = splat(0.0f);
      }
      int64_t place = first * LANES;
      for (int64_t pixel = 0; pixel < pixels; ++pixel, place += width) {
#pragma GCC unroll 4
        for (int vector = 0; vector < few.value; ++vector) {
          const Lanes y = activated<activation>(norms[vector].scaled(load(from + place + vector * LANES)));
          store(to + place + vector * LANES, y);
          sums[vector] += y;
        }
      }
#pragma GCC unroll 4
      for (int vector = 0; vector < few.value; ++vector) {
        store(mean + (first + vector) * LANES, sums[vector] / static_cast<float>(pixels));
      }
    });
  }

  void scaleChannels(float* values, const float* gate) const {
    const int64_t width = shape_.width();
    const int64_t pixels = shape_.outPixels();
    for (int64_t pixel = 0; pixel < pixels; ++pixel, values += width) {
      for (int64_t at = 0; at < width; at += LANES) store(values + at, load(values + at) * load(gate + at));
    }
  }

  void finish(const ChannelNorm& norm, const Images& of) const {
    const int64_t width = shape_.outWidth(), count = shape_.outputs;
    const int64_t first = of.begin * shape_.outPixels(), end = of.end * shape_.outPixels();
    const float* from = outputs_.projected;
    float* to = outputs_.y;
    byColumns(first, end, width, [=, &norm](int64_t at, int64_t row, int64_t last) {
      const NormLanes lanes = norm.lanes(at);
      for (int64_t pixel = row; pixel < last; ++pixel) {
        storePart(to + pixel * count + at, lanes.scaled(load(from + pixel * width + at)), count - at);
      }
    });
  }

  const MbConvShape& shape_;
  const MbConvCall& call_;
  const MbConvOutputs& outputs_;
  const ImageParts parts_;
  const Expansion expansion_;
};

}  // namespace

void mbConvForward(const MbConvCall& call, const MbConvOutputs& outputs) {
  withActivation(call.activation, [&](auto fixed) { Forward(call, outputs).run<fixed.value>(); });
}

}  // namespace dna
