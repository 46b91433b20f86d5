// The gradient of `mbConvTraining`: dx, and that of each of the thirteen weights in their order.
//
// It walks backwards from norm to norm, image by image, and computes again what the forward pass did not keep. A norm's
// gradient needs two sums over the batch first: between two norms one wide map is written, the gradient behind the
// norm's activation.
#include "../bind.h"
#include "../depthwise-filter-sums.h"
#include "../depthwise-taps.h"
#include "../image-parts.h"
#include "../mb-conv.h"
#include "../products.h"
#include "../shapes.h"

namespace dna {

namespace {

// Parts of a batch; each keeps sums of its own.
constexpr int64_t MOST_PARTS = 8;
constexpr int64_t CHUNK_FLOATS = 32 * 1024;

// Sums of one part of the batch, added up in the parts' order.
struct PartSums {
  // Σ g and Σ g · standard of a norm.
  std::vector<double> offset, scale;
  explicit PartSums(int64_t width) : offset(static_cast<size_t>(width)), scale(static_cast<size_t>(width)) {}

  void add(int64_t at, Lanes offsets, Lanes scales) {
    for (int64_t lane = 0; lane < LANES; ++lane) {
      offset[at + lane] += static_cast<double>(offsets[lane]);
      scale[at + lane] += static_cast<double>(scales[lane]);
    }
  }
};

// A norm's gradient: from g behind the activation to its input.
struct NormGradient {
  AlignedFloats meanOffset, meanScale, outer, dscale, doffset;

  NormGradient(const std::vector<PartSums>& parts, const ChannelNorm& norm, int64_t rows)
      : meanOffset(width(parts)), meanScale(width(parts)), outer(width(parts)), dscale(width(parts)), doffset(width(parts)) {
    for (int64_t at = 0; at < width(parts); ++at) {
      double offset = 0, scale = 0;
      for (const PartSums& part : parts) {
        offset += part.offset[at];
        scale += part.scale[at];
      }
      doffset[at] = static_cast<float>(offset);
      dscale[at] = static_cast<float>(scale);
      meanOffset[at] = static_cast<float>(offset / static_cast<double>(rows));
      meanScale[at] = static_cast<float>(scale / static_cast<double>(rows));
      outer[at] = norm.gain[at];
    }
  }

  // gain · (g − (Σ g + standard · Σ g·standard) / rows)
  Lanes input(Lanes g, Lanes standard, int64_t at) const {
    const Lanes common = load(meanOffset.data() + at) + standard * load(meanScale.data() + at);
    return (g - common) * load(outer.data() + at);
  }

 private:
  static int64_t width(const std::vector<PartSums>& parts) { return static_cast<int64_t>(parts[0].offset.size()); }
};

// Gradients of the weights between norms, of one part of the batch.
struct WeightSums {
  PaddedMatrix expand, project, reduce, excite;
  AlignedFloats reduceBias, exciteBias;
  // [block][tap][lane]
  AlignedFloats filter;

  explicit WeightSums(const MbConvShape& shape)
      : expand(shape.inputs, shape.channels),
        project(shape.channels, shape.outputs),
        reduce(shape.channels, shape.reduced),
        excite(shape.reduced, shape.channels),
        reduceBias(shape.reduced),
        exciteBias(shape.channels),
        filter(shape.taps() * shape.width()) {}
};

// What the forward pass kept.
struct Kept {
  at::Tensor mean1, variance1, mean2, variance2, mean3, variance3, expanded, filtered, projected, mean, gate;
};

void addTo(float* sum, const float* values, int64_t count) {
  for (int64_t at = 0; at < count; ++at) sum[at] += values[at];
}

class Gradient {
 public:
  Gradient(const MbConvShape& shape, const at::Tensor& x, const std::vector<at::Tensor>& weights, const Kept& kept,
           double epsilon)
      : shape_(shape),
        x_(x),
        weights_(weights),
        kept_(kept),
        parts_(shape.batch(), MOST_PARTS),
        squeeze_(shape, weights),
        norm1_(kept.mean1, kept.variance1, weights[SCALE_1], weights[OFFSET_1], epsilon),
        norm2_(kept.mean2, kept.variance2, weights[SCALE_2], weights[OFFSET_2], epsilon),
        norm3_(kept.mean3, kept.variance3, weights[SCALE_3], weights[OFFSET_3], epsilon),
        outer_(at::empty({shape.batch() * shape.outPixels(), shape.outWidth()}, at::kFloat)),
        middle_(at::empty({shape.batch() * shape.outPixels(), shape.width()}, at::kFloat)),
        inner_(at::empty({shape.batch() * shape.pixels(), shape.width()}, at::kFloat)),
        dx_(at::empty(x.sizes(), at::kFloat)) {
    for (int64_t part = 0; part < parts_.count; ++part) sums_.emplace_back(shape);
  }

  template <Activation activation>
  std::vector<at::Tensor> run(const at::Tensor& dy) {
    const NormGradient third = overParts(shape_.outWidth(), norm3_, shape_.outPixels(),
                                         [&](int64_t part, PartSums& sums) { padGradient(dy, part, sums); });
    const NormGradient second = overParts(shape_.width(), norm2_, shape_.outPixels(), [&](int64_t part, PartSums& sums) {
      projection<activation>(third, part, sums);
    });
    const NormGradient first = overParts(shape_.width(), norm1_, shape_.pixels(), [&](int64_t part, PartSums& sums) {
      depthwise<activation>(second, part, sums);
    });
    overParts([&](int64_t part) { expansion(first, part); });
    return collect(first, second, third);
  }

 private:
  template <typename Work>
  void overParts(Work&& work) const {
    at::parallel_for(0, parts_.count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; ++part) work(part);
    });
  }

  template <typename Work>
  NormGradient overParts(int64_t width, const ChannelNorm& norm, int64_t pixels, Work&& work) const {
    std::vector<PartSums> sums(static_cast<size_t>(parts_.count), PartSums(width));
    overParts([&](int64_t part) { work(part, sums[part]); });
    return {sums, norm, shape_.batch() * pixels};
  }

  int64_t firstImage(int64_t part) const { return parts_.first(part); }
  int64_t endImage(int64_t part) const { return parts_.end(part, shape_.batch()); }

  // dy in padded rows, and the sums of the last norm, which has no activation.
  void padGradient(const at::Tensor& dy, int64_t part, PartSums& sums) {
    const int64_t width = shape_.outWidth(), outputs = shape_.outputs;
    const int64_t first = firstImage(part) * shape_.outPixels(), end = endImage(part) * shape_.outPixels();
    const float* from = dy.const_data_ptr<float>();
    const float* x = kept_.projected.const_data_ptr<float>();
    float* to = outer_.mutable_data_ptr<float>();
    for (int64_t row = first; row < end; ++row) {
      std::copy_n(from + row * outputs, outputs, to + row * width);
      std::fill_n(to + row * width + outputs, width - outputs, 0.0f);
    }
    for (int64_t at = 0; at < width; at += LANES) {
      Lanes offset = splat(0.0f), scale = splat(0.0f);
      for (int64_t row = first; row < end; ++row) {
        const Lanes g = load(to + row * width + at);
        offset += g;
        scale += g * norm3_.standard(load(x + row * width + at), at);
      }
      sums.add(at, offset, scale);
    }
  }

  // Through the last norm and the projection to the gated map, and through the gate behind the second norm's activation.
  template <Activation activation>
  void projection(const NormGradient& third, int64_t part, PartSums& sums) {
    const int64_t width = shape_.width(), outWidth = shape_.outWidth(), pixels = shape_.outPixels();
    const float* weights = weights_[PROJECT].const_data_ptr<float>();
    const PaddedMatrix transposed(shape_.outputs, shape_.channels,
                                  [&](int64_t row, int64_t at) { return weights[at * shape_.outputs + row]; });
    AlignedFloats gated(pixels * width), gradient(pixels * width);
    for (int64_t image = firstImage(part); image < endImage(part); ++image) {
      float* outer = outer_.mutable_data_ptr<float>() + image * pixels * outWidth;
      const float* x = kept_.filtered.const_data_ptr<float>() + image * pixels * width;
      throughLastNorm(third, image, outer);
      multiply<false>(pixels, {outer, outWidth}, shape_.outputs, transposed.data(), width, gradient.data(), false);
      const ImageGate gate = gateGradient<activation>(x, gradient.data(), gated.data(), {image, part});
      multiply<true>(shape_.channels, {gated.data(), width}, pixels, outer, outWidth, sums_[part].project.data(), true);
      behindGate<activation>(gate, x, gradient.data(), middle_.mutable_data_ptr<float>() + image * pixels * width, sums);
    }
  }

  void throughLastNorm(const NormGradient& third, int64_t image, float* outer) const {
    const int64_t width = shape_.outWidth(), pixels = shape_.outPixels();
    const float* x = kept_.projected.const_data_ptr<float>() + image * pixels * width;
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
      for (int64_t at = 0; at < width; at += LANES) {
        float* value = outer + pixel * width + at;
        store(value, third.input(load(value), norm3_.standard(load(x + pixel * width + at), at), at));
      }
    }
  }

  struct ImageGate {
    AlignedFloats gate, shift;
  };
  struct Place {
    int64_t image, part;
  };

  // The map behind the gate, and what comes back through gate and mean: one image's gradient is gradient · gate + shift.
  template <Activation activation>
  ImageGate gateGradient(const float* x, const float* gradient, float* gated, const Place& at) {
    const int64_t width = shape_.width(), pixels = shape_.outPixels(), channels = shape_.channels;
    const float* mean = kept_.mean.const_data_ptr<float>() + at.image * channels;
    ImageGate result{AlignedFloats(width), AlignedFloats(width)};
    std::copy_n(kept_.gate.const_data_ptr<float>() + at.image * channels, channels, result.gate.data());
    AlignedFloats dgate(width);
    for (int64_t channel = 0; channel < width; channel += LANES) {
      Lanes sum = splat(0.0f);
      const Lanes factor = load(result.gate.data() + channel);
      for (int64_t pixel = 0; pixel < pixels; ++pixel) {
        const int64_t place = pixel * width + channel;
        const Lanes y = activated<activation>(norm2_.scaled(load(x + place), channel));
        sum += y * load(gradient + place);
        store(gated + place, y * factor);
      }
      store(dgate.data() + channel, sum);
    }
    squeezeGradient<activation>(mean, dgate, result, sums_[at.part]);
    return result;
  }

  // Through the sigmoid, both small layers and the mean.
  template <Activation activation>
  void squeezeGradient(const float* mean, const AlignedFloats& dgate, ImageGate& image, WeightSums& sums) const {
    Squeeze::Values values(squeeze_);
    squeeze_.forward<activation>(mean, values);
    AlignedFloats dexcited(shape_.width()), dreduced(shape_.reduced);
    for (int64_t at = 0; at < shape_.width(); at += LANES) {
      const Lanes gate = load(image.gate.data() + at);
      const Lanes slope = load(dgate.data() + at) * gate * (1.0f - gate);
      store(dexcited.data() + at, slope);
      store(sums.exciteBias.data() + at, load(sums.exciteBias.data() + at) + slope);
    }
    for (int64_t hidden = 0; hidden < shape_.reduced; ++hidden) {
      const float* row = squeeze_.excite.data() + hidden * shape_.width();
      float* sum = sums.excite.data() + hidden * shape_.width();
      Lanes product = splat(0.0f);
      for (int64_t at = 0; at < shape_.width(); at += LANES) {
        const Lanes slope = load(dexcited.data() + at);
        product += slope * load(row + at);
        store(sum + at, load(sum + at) + slope * values.hidden[hidden]);
      }
      dreduced[hidden] = sumOf(product);
    }
    reduceGradient<activation>(mean, values, dreduced, image, sums);
  }

  template <Activation activation>
  void reduceGradient(const float* mean, const Squeeze::Values& values, AlignedFloats& dreduced, ImageGate& image,
                      WeightSums& sums) const {
    const int64_t width = squeeze_.reduce.width();
    for (int64_t at = 0; at < width; at += LANES) {
      const Lanes slope = activationGradient<activation>(load(dreduced.data() + at), load(values.before.data() + at));
      store(dreduced.data() + at, slope);
      store(sums.reduceBias.data() + at, load(sums.reduceBias.data() + at) + slope);
    }
    const auto pixels = static_cast<float>(shape_.outPixels());
    for (int64_t channel = 0; channel < shape_.channels; ++channel) {
      Lanes product = splat(0.0f);
      float* sum = sums.reduce.data() + channel * width;
      for (int64_t at = 0; at < width; at += LANES) {
        const Lanes slope = load(dreduced.data() + at);
        product += slope * load(squeeze_.reduce.data() + channel * width + at);
        store(sum + at, load(sum + at) + slope * mean[channel]);
      }
      image.shift[channel] = sumOf(product) / pixels;
    }
  }

  // g behind the second norm's activation, and that norm's sums.
  template <Activation activation>
  void behindGate(const ImageGate& image, const float* x, const float* gradient, float* to, PartSums& sums) const {
    const int64_t width = shape_.width(), pixels = shape_.outPixels();
    for (int64_t at = 0; at < width; at += LANES) {
      const Lanes gate = load(image.gate.data() + at), shift = load(image.shift.data() + at);
      Lanes offset = splat(0.0f), scale = splat(0.0f);
      for (int64_t pixel = 0; pixel < pixels; ++pixel) {
        const int64_t place = pixel * width + at;
        const Lanes value = load(x + place);
        const Lanes dy = load(gradient + place) * gate + shift;
        const Lanes g = activationGradient<activation>(dy, norm2_.scaled(value, at));
        store(to + place, g);
        offset += g;
        scale += g * norm2_.standard(value, at);
      }
      sums.add(at, offset, scale);
    }
  }

  // Through the second norm and the depthwise convolution behind the first norm's activation.
  template <Activation activation>
  void depthwise(const NormGradient& second, int64_t part, PartSums& sums) {
    const DepthwiseShape& of = shape_.depthwise;
    const float* weights = weights_[FILTER].const_data_ptr<float>();
    const PaddedMatrix filter(shape_.taps(), shape_.channels,
                              [&](int64_t tap, int64_t at) { return weights[tap * shape_.channels + at]; });
    const int64_t band = of.bandHeight();
    const int64_t read = of.packedHeight(band) * of.packedWidth() + band * of.outWidth;
    const Reach rows(0, inputBand(), of.top, of), columns(0, of.width, of.left, of);
    const int64_t reached = (rows.end - rows.first + 1) * (columns.end - columns.first);
    AlignedFloats scratch(std::max(read, reached) * LANES * BlockGroup::MOST);
    for (int64_t image = firstImage(part); image < endImage(part); ++image) {
      for (int64_t group = 0; group < of.groups(); ++group) {
        const BlockGroup blocks(of, group);
        for (int64_t row = 0; row < of.outHeight; row += band) {
          bandToFilter<activation>(second, {image, row}, blocks, scratch.data(), sums_[part].filter.data());
        }
        for (int64_t row = 0; row < of.height; row += inputBand()) {
          bandToInput<activation>(second, {image, row}, blocks, {filter.data(), scratch.data()}, sums);
        }
      }
    }
  }

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
    const float* g = middle_.const_data_ptr<float>() + offset;
    const float* x = kept_.filtered.const_data_ptr<float>() + offset;
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
    const float* image = kept_.expanded.const_data_ptr<float>() + at.image * shape_.pixels() * width + channel;
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
    const float* x = kept_.expanded.const_data_ptr<float>() + offset;
    float* to = inner_.mutable_data_ptr<float>() + offset;
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

  // Through the first norm and the expansion to the input.
  void expansion(const NormGradient& first, int64_t part) {
    const int64_t width = shape_.width(), inputs = shape_.inputs, inWidth = wholeVectors(inputs);
    const float* weights = weights_[EXPAND].const_data_ptr<float>();
    const PaddedMatrix transposed(shape_.channels, inputs,
                                  [&](int64_t row, int64_t at) { return weights[at * shape_.channels + row]; });
    const int64_t chunk = std::max<int64_t>(24, CHUNK_FLOATS / width / 24 * 24);
    AlignedFloats gradient(chunk * width), result(chunk * inWidth);
    const int64_t end = endImage(part) * shape_.pixels();
    for (int64_t row = firstImage(part) * shape_.pixels(); row < end; row += chunk) {
      const int64_t rows = std::min(chunk, end - row);
      throughFirstNorm(first, row, rows, gradient.data());
      multiply<false>(rows, {gradient.data(), width}, shape_.channels, transposed.data(), inWidth, result.data(), false);
      float* to = dx_.mutable_data_ptr<float>() + row * inputs;
      for (int64_t at = 0; at < rows; ++at) std::copy_n(result.data() + at * inWidth, inputs, to + at * inputs);
      const float* x = x_.const_data_ptr<float>() + row * inputs;
      multiply<true>(inputs, {x, inputs}, rows, gradient.data(), width, sums_[part].expand.data(), true);
    }
  }

  void throughFirstNorm(const NormGradient& first, int64_t row, int64_t rows, float* to) const {
    const int64_t width = shape_.width();
    const float* g = inner_.const_data_ptr<float>() + row * width;
    const float* x = kept_.expanded.const_data_ptr<float>() + row * width;
    for (int64_t place = 0; place < rows * width; place += width) {
      for (int64_t at = 0; at < width; at += LANES) {
        store(to + place + at, first.input(load(g + place + at), norm1_.standard(load(x + place + at), at), at));
      }
    }
  }

  std::vector<at::Tensor> collect(const NormGradient& first, const NormGradient& second, const NormGradient& third) {
    WeightSums& all = sums_[0];
    for (size_t part = 1; part < sums_.size(); ++part) {
      const WeightSums& other = sums_[part];
      addTo(all.expand.data(), other.expand.data(), all.expand.rows() * all.expand.width());
      addTo(all.project.data(), other.project.data(), all.project.rows() * all.project.width());
      addTo(all.reduce.data(), other.reduce.data(), all.reduce.rows() * all.reduce.width());
      addTo(all.excite.data(), other.excite.data(), all.excite.rows() * all.excite.width());
      addTo(all.reduceBias.data(), other.reduceBias.data(), squeeze_.reduce.width());
      addTo(all.exciteBias.data(), other.exciteBias.data(), shape_.width());
      addTo(all.filter.data(), other.filter.data(), shape_.taps() * shape_.width());
    }
    const int64_t channels = shape_.channels, reduced = shape_.reduced, outputs = shape_.outputs;
    return {dx_,
            unpadded(all.expand.data(), shape_.inputs, channels),
            unpadded(first.dscale.data(), channels),
            unpadded(first.doffset.data(), channels),
            filterGradient(all.filter),
            unpadded(second.dscale.data(), channels),
            unpadded(second.doffset.data(), channels),
            unpadded(all.reduce.data(), channels, reduced),
            unpadded(all.reduceBias.data(), reduced),
            unpadded(all.excite.data(), reduced, channels),
            unpadded(all.exciteBias.data(), channels),
            unpadded(all.project.data(), channels, outputs),
            unpadded(third.dscale.data(), outputs),
            unpadded(third.doffset.data(), outputs)};
  }

  // [block][tap][lane] → [kernel, kernel, channels, 1]
  at::Tensor filterGradient(const AlignedFloats& sums) const {
    const int64_t kernel = shape_.depthwise.kernel, channels = shape_.channels, taps = shape_.taps();
    at::Tensor gradient = at::empty({kernel, kernel, channels, 1}, at::kFloat);
    float* to = gradient.mutable_data_ptr<float>();
    for (int64_t tap = 0; tap < taps; ++tap) {
      for (int64_t channel = 0; channel < channels; ++channel) {
        to[tap * channels + channel] = sums[(channel / LANES * taps + tap) * LANES + channel % LANES];
      }
    }
    return gradient;
  }

  const MbConvShape& shape_;
  const at::Tensor& x_;
  const std::vector<at::Tensor>& weights_;
  const Kept& kept_;
  const ImageParts parts_;
  const Squeeze squeeze_;
  const ChannelNorm norm1_, norm2_, norm3_;
  // Gradients of the maps behind the three norms, each in rows of whole vectors.
  at::Tensor outer_, middle_, inner_, dx_;
  std::vector<WeightSums> sums_;
};

// `kept` is what mbConvTraining returned behind y.
std::vector<at::Tensor> mbConvTrainingGrad(const at::Tensor& dy, const at::Tensor& x, const std::vector<at::Tensor>& given,
                                           const std::vector<at::Tensor>& kept, const std::vector<int64_t>& strides,
                                           const std::vector<int64_t>& padding, double epsilon, int64_t activation) {
  const std::vector<at::Tensor> weights = mbConvWeights(given);
  const MbConvShape shape = mbConvShape("MbConvTrainingGrad", x, weights, strides, padding);
  const DepthwiseShape& of = shape.depthwise;
  const std::vector<int64_t> outputs{of.batch, of.outHeight, of.outWidth, shape.outputs};
  requireShapes(kept.size() == 11 && dy.sizes() == at::IntArrayRef(outputs), "MbConvTrainingGrad",
                "dy as y, and what the forward pass kept", {dy, x});
  const at::Tensor input = x.contiguous(), gradient = dy.contiguous();
  const Kept saved{kept[0], kept[1], kept[2], kept[3], kept[4], kept[5], kept[6], kept[7], kept[8], kept[9], kept[10]};
  Gradient pass(shape, input, weights, saved, epsilon);
  std::vector<at::Tensor> gradients =
      withActivation(static_cast<Activation>(activation), [&](auto fixed) { return pass.run<fixed.value>(gradient); });
  for (size_t at = 0; at < given.size(); ++at) gradients[at + 1] = gradients[at + 1].view(given[at].sizes());
  return gradients;
}

}  // namespace

DNA_OP(mbConvTrainingGrad)

}  // namespace dna
