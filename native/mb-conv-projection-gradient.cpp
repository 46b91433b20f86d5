// An MBConv's gradient through its last norm, the projection and squeeze-and-excitation.
#include "mb-conv-backward.h"
#include "products.h"

namespace dna {

namespace {

class ProjectionStep : BackwardStep {
 public:
  explicit ProjectionStep(MbConvBackward& pass) : BackwardStep(pass), squeeze_(pass.squeeze), norm_(pass.norm2) {}

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
    const PaddedMatrix transposed = paddedColumns(pass_.call.weights.project, shape_.outputs, shape_.channels);
    AlignedFloats gated(pixels * width), gradient(pixels * width);
    for (int64_t image = pass_.firstImage(part); image < pass_.endImage(part); ++image) {
      float* outer = maps_.outer + image * pixels * outWidth;
      const float* x = kept_.filtered + image * pixels * width;
      throughLastNorm(third, image, outer);
      multiply<false>(pixels, {outer, outWidth}, shape_.outputs, transposed.data(), width, gradient.data(), false);
      const ImageGate gate = gateGradient<activation>(x, gradient.data(), gated.data(), {image, part});
      multiply<true>(shape_.channels, {gated.data(), width}, pixels, outer, outWidth, pass_.sums[part].project.data(), true);
      behindGate<activation>(gate, x, gradient.data(), maps_.middle + image * pixels * width, sums);
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
    const float* mean = kept_.mean + at.image * channels;
    ImageGate result{AlignedFloats(width), AlignedFloats(width)};
    std::copy_n(kept_.gate + at.image * channels, channels, result.gate.data());
    AlignedFloats dgate(width);
    for (int64_t channel = 0; channel < width; channel += LANES) {
      Lanes sum = splat(0.0f);
      const Lanes factor = load(result.gate.data() + channel);
      for (int64_t pixel = 0; pixel < pixels; ++pixel) {
        const int64_t place = pixel * width + channel;
        const Lanes y = activated<activation>(norm_.scaled(load(x + place), channel));
        sum += y * load(gradient + place);
        store(gated + place, y * factor);
      }
      store(dgate.data() + channel, sum);
    }
    squeezeGradient<activation>(mean, dgate, result, pass_.sums[at.part]);
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
        const Lanes g = activationGradient<activation>(dy, norm_.scaled(value, at));
        store(to + place, g);
        offset += g;
        scale += g * norm_.standard(value, at);
      }
      sums.add(at, offset, scale);
    }
  }

  const Squeeze& squeeze_;
  const ChannelNorm& norm_;
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
