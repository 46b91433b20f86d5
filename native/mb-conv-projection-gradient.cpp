// An MBConv's gradient through its last norm, the projection and squeeze-and-excitation.
#include "mb-conv-backward.h"
#include "products.h"

namespace dna {

namespace {

class ProjectionStep : BackwardStep {
 public:
  explicit ProjectionStep(MbConvBackward& pass)
      : BackwardStep(pass),
        squeeze_(pass.squeeze),
        norm_(pass.norm2),
        transposed_(paddedColumns(pass.call.weights.project, shape_.outputs, shape_.channels)) {}

  // The sums of the last norm, which has no activation.
  void sumGradient(int64_t part, PartSums& sums) const {
    const int64_t width = shape_.outWidth(), outputs = shape_.outputs;
    const int64_t first = pass_.firstImage(part) * shape_.outPixels(), end = pass_.endImage(part) * shape_.outPixels();
    const float *dy = pass_.dy, *x = kept_.projected;
    byColumns(first, end, width, [=, this, &sums](int64_t at, int64_t row, int64_t last) {
      const NormLanes norm = pass_.norm3.lanes(at);
      Lanes offset = splat(0.0f), scale = splat(0.0f);
      for (; row < last; ++row) {
        const Lanes g = loadPart(dy + row * outputs + at, outputs - at);
        offset += g;
        scale += g * norm.standard(load(x + row * width + at));
      }
      sums.add(at, offset, scale);
    });
  }

  // Through the last norm and the projection to the gated map, and through the gate behind the second norm's activation.
  template <Activation activation>
  void projection(const NormGradient& third, int64_t part, PartSums& sums) {
    const int64_t width = shape_.width(), outWidth = shape_.outWidth(), pixels = shape_.outPixels();
    // Small images are multiplied together: a product of few rows reads and writes its sums too often.
    constexpr int64_t ROWS = 64;
    const int64_t together = std::max<int64_t>(1, ROWS / pixels), floats = pixels * width;
    auto gated = AlignedFloats::unset(together * floats), gradient = AlignedFloats::unset(together * floats);
    ImageGate gate(width);
    SqueezeScratch scratch(squeeze_);
    for (int64_t first = pass_.firstImage(part), end = pass_.endImage(part); first < end; first += together) {
      const int64_t count = std::min(together, end - first), rows = count * pixels;
      float* outer = maps_.outer + first * pixels * outWidth;
      throughLastNorm(third, first * pixels, rows, outer);
      multiply<false>(rows, {outer, outWidth}, shape_.outputs, {transposed_.data(), width}, width,
                      {gradient.data(), width, false});
      for (int64_t at = 0; at < count; ++at) {
        const int64_t image = first + at;
        const ImageMaps maps{kept_.filtered + image * floats, gradient.data() + at * floats};
        float* middle = maps_.middle + image * floats;
        openGate(image, gate);
        gateGradient<activation>(maps, {gated.data() + at * floats, middle}, gate);
        squeezeGradient<activation>(kept_.mean + image * shape_.channels, gate, scratch, pass_.sums[part]);
        behindGate(gate, maps, middle, sums);
      }
      multiply<true>(shape_.channels, {gated.data(), width}, rows, {outer, outWidth}, outWidth,
                     {pass_.sums[part].project.data(), outWidth, true});
    }
  }

 private:
  // Of some pixels, counted over all images.
  void throughLastNorm(const NormGradient& third, int64_t first, int64_t count, float* outer) const {
    const int64_t width = shape_.outWidth(), outputs = shape_.outputs;
    const float* x = kept_.projected + first * width;
    const float* dy = pass_.dy + first * outputs;
    for (int64_t at = 0; at < width; at += LANES) {
      const NormGradientLanes norm = third.lanes(at);
      for (int64_t pixel = 0; pixel < count; ++pixel) {
        const Lanes g = loadPart(dy + pixel * outputs + at, outputs - at);
        store(outer + pixel * width + at, norm.input(g, load(x + pixel * width + at)));
      }
    }
  }

  // One image's gate and its gradient, and what comes back through the mean: g is gradient · gate + shift.
  struct ImageGate {
    AlignedFloats gate, gradient, shift;
    explicit ImageGate(int64_t width) : gate(width), gradient(width), shift(width) {}
  };
  struct SqueezeScratch {
    Squeeze::Values values;
    AlignedFloats mean, dexcited, dreduced;
    explicit SqueezeScratch(const Squeeze& of)
        : values(of), mean(of.reduce.width()), dexcited(of.excite.width()), dreduced(of.reduce.rows()) {}
  };
  // An image's map before the second norm, and the gradient of its gated map.
  struct ImageMaps {
    const float *x, *gradient;
  };
  // The gated map, and the slopes of the second norm's activation.
  struct ImageResults {
    float *gated, *slopes;
  };

  static void addTo(float* sum, Lanes values) { store(sum, load(sum) + values); }

  void openGate(int64_t image, ImageGate& gate) const {
    std::copy_n(kept_.gate + image * shape_.channels, shape_.channels, gate.gate.data());
  }

  template <Activation activation>
  void gateGradient(const ImageMaps& maps, const ImageResults& to, ImageGate& image) const {
    const int64_t width = shape_.width(), floats = shape_.outPixels() * width;
    byFewVectors<FEW / 2>(width / LANES, [&, maps, to](auto few, int64_t first) {
      const int64_t channel = first * LANES;
      NormLanes norms[few.value];
      Lanes gates[few.value], sums[few.value];
#pragma GCC unroll 4
      for (int vector = 0; vector < few.value; ++vector) {
        norms[vector] = norm_.lanes(channel + vector * LANES);
        gates[vector] = load(image.gate.data() + channel + vector * LANES);
        sums[vector] = splat(0.0f);
      }
      for (int64_t place = channel; place < floats; place += width) {
#pragma GCC unroll 4
        for (int vector = 0; vector < few.value; ++vector) {
          const int64_t at = place + vector * LANES;
          const Activated y = activatedWithSlope<activation>(norms[vector].scaled(load(maps.x + at)));
          sums[vector] += y.value * load(maps.gradient + at);
          store(to.gated + at, y.value * gates[vector]);
          store(to.slopes + at, y.slope);
        }
      }
#pragma GCC unroll 4
      for (int vector = 0; vector < few.value; ++vector) {
        store(image.gradient.data() + channel + vector * LANES, sums[vector]);
      }
    });
  }

  // Through the sigmoid, both small layers and the mean.
  template <Activation activation>
  void squeezeGradient(const float* mean, ImageGate& image, SqueezeScratch& scratch, WeightSums& sums) const {
    const int64_t width = shape_.width();
    std::copy_n(mean, shape_.channels, scratch.mean.data());
    squeeze_.forward<activation>(scratch.mean.data(), scratch.values);
    float *slopes = scratch.dexcited.data(), *bias = sums.exciteBias.data();
    for (int64_t at = 0; at < width; at += LANES) {
      const Lanes gate = load(image.gate.data() + at);
      const Lanes slope = load(image.gradient.data() + at) * gate * (1.0f - gate);
      store(slopes + at, slope);
      addTo(bias + at, slope);
    }
    for (int64_t hidden = 0; hidden < shape_.reduced; ++hidden) {
      const float* row = squeeze_.excite.data() + hidden * width;
      float* sum = sums.excite.data() + hidden * width;
      const Lanes value = splat(scratch.values.hidden[hidden]);
      Lanes product = splat(0.0f);
      for (int64_t at = 0; at < width; at += LANES) {
        const Lanes slope = load(slopes + at);
        product += slope * load(row + at);
        addTo(sum + at, slope * value);
      }
      scratch.dreduced[hidden] = sumOf(product);
    }
    reduceGradient<activation>(image, scratch, sums);
  }

  template <Activation activation>
  void reduceGradient(ImageGate& image, SqueezeScratch& scratch, WeightSums& sums) const {
    for (int64_t at = 0; at < shape_.reduced; at += LANES) {
      const Lanes before = load(scratch.values.before.data() + at);
      const Lanes slope = activationGradient<activation>(load(scratch.dreduced.data() + at), before);
      store(scratch.dreduced.data() + at, slope);
      addTo(sums.reduceBias.data() + at, slope);
    }
    const auto pixels = static_cast<float>(shape_.outPixels());
    const int64_t width = shape_.width(), count = shape_.reduced;
    const float *slopes = scratch.dreduced.data(), *means = scratch.mean.data();
    float* const shifts = image.shift.data();
    for (int64_t at = 0; at < width; at += LANES) {
      const float* row = squeeze_.reduce.data() + at;
      float* sum = sums.reduce.data() + at;
      const Lanes mean = load(means + at);
      Lanes shift = splat(0.0f);
      for (int64_t hidden = 0; hidden < count; ++hidden, row += width, sum += width) {
        const Lanes slope = splat(slopes[hidden]);
        shift += slope * load(row);
        addTo(sum, slope * mean);
      }
      store(shifts + at, shift / pixels);
    }
  }

  // g behind the second norm's activation, in the place of the slopes, and that norm's sums.
  void behindGate(const ImageGate& image, const ImageMaps& maps, float* slopes, PartSums& sums) const {
    const int64_t width = shape_.width(), floats = shape_.outPixels() * width;
    byFewVectors<FEW / 2>(width / LANES, [&, maps](auto few, int64_t first) {
      const int64_t channel = first * LANES;
      Lanes gates[few.value], shifts[few.value], means[few.value], offsets[few.value], scales[few.value];
#pragma GCC unroll 4
      for (int vector = 0; vector < few.value; ++vector) {
        const int64_t at = channel + vector * LANES;
        gates[vector] = load(image.gate.data() + at);
        shifts[vector] = load(image.shift.data() + at);
        means[vector] = load(norm_.mean.data() + at);
        offsets[vector] = scales[vector] = splat(0.0f);
      }
      for (int64_t place = channel; place < floats; place += width) {
#pragma GCC unroll 4
        for (int vector = 0; vector < few.value; ++vector) {
          const int64_t at = place + vector * LANES;
          const Lanes g = (load(maps.gradient + at) * gates[vector] + shifts[vector]) * load(slopes + at);
          store(slopes + at, g);
          offsets[vector] += g;
          scales[vector] += g * (load(maps.x + at) - means[vector]);
        }
      }
#pragma GCC unroll 4
      for (int vector = 0; vector < few.value; ++vector) {
        const int64_t at = channel + vector * LANES;
        sums.add(at, offsets[vector], scales[vector] * load(norm_.factor.data() + at));
      }
    });
  }

  const Squeeze& squeeze_;
  const ChannelNorm& norm_;
  const PaddedMatrix transposed_;
};

}  // namespace

NormGradient gradientOfLastNorm(MbConvBackward& pass) {
  ProjectionStep step(pass);
  return pass.normGradient(pass.norm3, pass.shape.outPixels(), pass.shape.outWidth(),
                           [&](int64_t part, PartSums& sums) { step.sumGradient(part, sums); });
}

NormGradient gradientOfProjection(MbConvBackward& pass, const NormGradient& third) {
  ProjectionStep step(pass);
  return withActivation(pass.call.activation, [&](auto fixed) {
    return pass.normGradient(pass.norm2, pass.shape.outPixels(), pass.shape.width(),
                             [&](int64_t part, PartSums& sums) { step.projection<fixed.value>(third, part, sums); });
  });
}

}  // namespace dna
