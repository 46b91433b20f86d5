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

  // dy in padded rows, and the sums of the last norm, which has no activation.
  void padGradient(int64_t part, PartSums& sums) {
    const int64_t width = shape_.outWidth(), outputs = shape_.outputs;
    const int64_t first = pass_.firstImage(part) * shape_.outPixels(), end = pass_.endImage(part) * shape_.outPixels();
    const float* from = pass_.dy;
    const float* x = kept_.projected;
    float* to = maps_.outer;
    for (int64_t row = first; row < end; ++row) {
      std::copy_n(from + row * outputs, outputs, to + row * width);
      std::fill_n(to + row * width + outputs, width - outputs, 0.0f);
    }
    for (int64_t at = 0; at < width; at += LANES) {
      Lanes offset = splat(0.0f), scale = splat(0.0f);
      for (int64_t row = first; row < end; ++row) {
        const Lanes g = load(to + row * width + at);
        offset += g;
        scale += g * pass_.norm3.standard(load(x + row * width + at), at);
      }
      sums.add(at, offset, scale);
    }
  }

  // Through the last norm and the projection to the gated map, and through the gate behind the second norm's activation.
  template <Activation activation>
  void projection(const NormGradient& third, int64_t part, PartSums& sums) {
    const int64_t width = shape_.width(), outWidth = shape_.outWidth(), pixels = shape_.outPixels();
    auto gated = AlignedFloats::unset(pixels * width), gradient = AlignedFloats::unset(pixels * width);
    ImageGate gate(width);
    SqueezeScratch scratch(squeeze_);
    for (int64_t image = pass_.firstImage(part); image < pass_.endImage(part); ++image) {
      float* outer = maps_.outer + image * pixels * outWidth;
      const float* x = kept_.filtered + image * pixels * width;
      float* middle = maps_.middle + image * pixels * width;
      throughLastNorm(third, image, outer);
      multiply<false>(pixels, {outer, outWidth}, shape_.outputs, {transposed_.data(), width}, width,
                      {gradient.data(), width, false});
      openGate(image, gate);
      gateGradient<activation>({x, gradient.data()}, {gated.data(), middle}, gate);
      squeezeGradient<activation>(kept_.mean + image * shape_.channels, gate, scratch, pass_.sums[part]);
      multiply<true>(shape_.channels, {gated.data(), width}, pixels, {outer, outWidth}, outWidth,
                     {pass_.sums[part].project.data(), outWidth, true});
      behindGate(gate, {x, gradient.data()}, middle, sums);
    }
  }

 private:
  void throughLastNorm(const NormGradient& third, int64_t image, float* outer) const {
    const int64_t width = shape_.outWidth(), pixels = shape_.outPixels();
    const float* x = kept_.projected + image * pixels * width;
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
      for (int64_t at = 0; at < width; at += LANES) {
        float* value = outer + pixel * width + at;
        store(value, third.input(load(value), pass_.norm3.standard(load(x + pixel * width + at), at), at));
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

  void openGate(int64_t image, ImageGate& gate) const {
    std::copy_n(kept_.gate + image * shape_.channels, shape_.channels, gate.gate.data());
  }

  template <Activation activation>
  void gateGradient(const ImageMaps& maps, const ImageResults& to, ImageGate& image) const {
    const int64_t width = shape_.width(), floats = shape_.outPixels() * width;
    for (int64_t channel = 0; channel < width; channel += LANES) {
      Lanes sum = splat(0.0f);
      const Lanes gate = load(image.gate.data() + channel);
      for (int64_t place = channel; place < floats; place += width) {
        const Activated y = activatedWithSlope<activation>(norm_.scaled(load(maps.x + place), channel));
        sum += y.value * load(maps.gradient + place);
        store(to.gated + place, y.value * gate);
        store(to.slopes + place, y.slope);
      }
      store(image.gradient.data() + channel, sum);
    }
  }

  // Through the sigmoid, both small layers and the mean.
  template <Activation activation>
  void squeezeGradient(const float* mean, ImageGate& image, SqueezeScratch& scratch, WeightSums& sums) const {
    std::copy_n(mean, shape_.channels, scratch.mean.data());
    squeeze_.forward<activation>(scratch.mean.data(), scratch.values);
    for (int64_t at = 0; at < shape_.width(); at += LANES) {
      const Lanes gate = load(image.gate.data() + at);
      const Lanes slope = load(image.gradient.data() + at) * gate * (1.0f - gate);
      store(scratch.dexcited.data() + at, slope);
      store(sums.exciteBias.data() + at, load(sums.exciteBias.data() + at) + slope);
    }
    for (int64_t hidden = 0; hidden < shape_.reduced; ++hidden) {
      const float* row = squeeze_.excite.data() + hidden * shape_.width();
      float* sum = sums.excite.data() + hidden * shape_.width();
      Lanes product = splat(0.0f);
      for (int64_t at = 0; at < shape_.width(); at += LANES) {
        const Lanes slope = load(scratch.dexcited.data() + at);
        product += slope * load(row + at);
        store(sum + at, load(sum + at) + slope * scratch.values.hidden[hidden]);
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
      store(sums.reduceBias.data() + at, load(sums.reduceBias.data() + at) + slope);
    }
    const auto pixels = static_cast<float>(shape_.outPixels());
    for (int64_t at = 0; at < shape_.width(); at += LANES) {
      const Lanes mean = load(scratch.mean.data() + at);
      Lanes shift = splat(0.0f);
      for (int64_t hidden = 0; hidden < shape_.reduced; ++hidden) {
        const int64_t place = hidden * shape_.width() + at;
        const Lanes slope = splat(scratch.dreduced[hidden]);
        shift += slope * load(squeeze_.reduce.data() + place);
        store(sums.reduce.data() + place, load(sums.reduce.data() + place) + slope * mean);
      }
      store(image.shift.data() + at, shift / pixels);
    }
  }

  // g behind the second norm's activation, in the place of the slopes, and that norm's sums.
  void behindGate(const ImageGate& image, const ImageMaps& maps, float* slopes, PartSums& sums) const {
    const int64_t width = shape_.width(), floats = shape_.outPixels() * width;
    for (int64_t at = 0; at < width; at += LANES) {
      const Lanes gate = load(image.gate.data() + at), shift = load(image.shift.data() + at);
      const Lanes mean = load(norm_.mean.data() + at);
      Lanes offset = splat(0.0f), scale = splat(0.0f);
      for (int64_t place = at; place < floats; place += width) {
        const Lanes g = (load(maps.gradient + place) * gate + shift) * load(slopes + place);
        store(slopes + place, g);
        offset += g;
        scale += g * (load(maps.x + place) - mean);
      }
      sums.add(at, offset, scale * load(norm_.factor.data() + at));
    }
  }

  const Squeeze& squeeze_;
  const ChannelNorm& norm_;
  const PaddedMatrix transposed_;
};

}  // namespace

NormGradient gradientOfLastNorm(MbConvBackward& pass) {
  ProjectionStep step(pass);
  return pass.normGradient(pass.norm3, pass.shape.outPixels(), pass.shape.outWidth(),
                           [&](int64_t part, PartSums& sums) { step.padGradient(part, sums); });
}

NormGradient gradientOfProjection(MbConvBackward& pass, const NormGradient& third) {
  ProjectionStep step(pass);
  return withActivation(pass.call.activation, [&](auto fixed) {
    return pass.normGradient(pass.norm2, pass.shape.outPixels(), pass.shape.width(), [&](int64_t part, PartSums& sums) {
      step.projection<fixed.value>(third, part, sums);
    });
  });
}

}  // namespace dna
