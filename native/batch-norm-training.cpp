#include "batch-norm-training.h"

#include <cmath>

#include "moments.h"
#include "row-groups.h"

namespace dna::cpu {

namespace {

// Of each channel: a group has some rows, and so some columns of each.
template <typename Storage>
std::vector<Moments> channelMoments(const Storage* x, const RowGroups& layout) {
  std::vector<ChannelMoments> parts(static_cast<size_t>(chunkCount(layout)), ChannelMoments(layout.width));
  forEachChunk(layout, [&](int64_t chunk, int64_t first, int64_t end) {
    const Storage* from = x + first * layout.width;
    parts[chunk].add(end - first,
                     [=, &layout](int64_t row, int64_t at) { return load(from + row * layout.width + at); });
  });
  for (size_t part = 1; part < parts.size(); ++part) parts[0].merge(parts[part]);
  std::vector<Moments> all(static_cast<size_t>(layout.channels));
  if (!parts.empty()) {
    for (int64_t at = 0; at < layout.width; ++at) all[at % layout.channels].merge(parts[0].of(at));
  }
  const Storage* rest = x + layout.restOffset();
  for (int64_t at = 0; at < layout.restFloats(); ++at) all[at % layout.channels].merge({1, valueOf(rest[at]), 0});
  return all;
}

std::vector<float> inverseDeviations(const float* variance, int64_t channels, double epsilon) {
  std::vector<float> inverses(static_cast<size_t>(channels));
  for (int64_t channel = 0; channel < channels; ++channel) {
    inverses[channel] = static_cast<float>(1 / std::sqrt(variance[channel] + epsilon));
  }
  return inverses;
}

// Per-channel values, repeated over a group: x → (x − mean) · factor · scale + offset.
struct Norm {
  std::vector<float> mean, factor, scale, offset;

  Norm(const BatchNorm& of, const float* means, const float* variances, const RowGroups& layout)
      : mean(repeated(means, layout)),
        factor(repeated(inverseDeviations(variances, of.channels, of.epsilon).data(), layout)),
        scale(repeated(of.scale, layout)),
        offset(repeated(of.offset, layout)) {}

  // Of one vector, in registers: what lies in memory is read again behind every store.
  struct Vector {
    Lanes mean, factor, scale, offset;

    Lanes standard(Lanes x) const { return (x - mean) * factor; }
    Lanes scaled(Lanes standard) const { return standard * scale + offset; }
  };
  Vector vector(int64_t at) const { return {load(&mean[at]), load(&factor[at]), load(&scale[at]), load(&offset[at])}; }
};

template <Activation activation, typename Storage>
void applyNorm(const Storage* x, Storage* y, const RowGroups& layout, const Norm& norm) {
  mapGroups<1, Storage>(layout, {x}, y, [&](const auto& inputs, Storage* to, int64_t groups, auto put) {
    const Storage* from = inputs[0];
    byFewVectors<FEW / 2>(layout.width / LANES, [&](auto few, int64_t first) {
      Norm::Vector norms[few.value];
#pragma GCC unroll 4
      for (int vector = 0; vector < few.value; ++vector) norms[vector] = norm.vector((first + vector) * LANES);
      int64_t place = first * LANES;
      for (int64_t group = 0; group < groups; ++group, place += layout.width) {
#pragma GCC unroll 4
        for (int vector = 0; vector < few.value; ++vector) {
          const int64_t at = place + vector * LANES;
          put(to + at, activated<activation>(norms[vector].scaled(norms[vector].standard(load(from + at)))));
        }
      }
    });
  });
}

// Σ g and Σ g · standard over the rows, where g is dy behind the activation.
struct GradientSums {
  std::vector<double> offset, scale;
};

template <Activation activation, typename Storage>
GradientSums gradientSums(const Storage* dy, const Storage* x, const RowGroups& layout, const Norm& norm) {
  const int64_t chunks = chunkCount(layout), width = layout.width;
  std::vector<float> parts(static_cast<size_t>((chunks + 1) * 2 * width), 0.0f);
  const auto sumGroups = [&](const Storage* gradients, const Storage* values, int64_t groups, float* part) {
    byFewVectors<FEW / 2>(width / LANES, [&](auto few, int64_t first) {
      Norm::Vector norms[few.value];
      Lanes offsets[few.value], scales[few.value];
#pragma GCC unroll 4
      for (int vector = 0; vector < few.value; ++vector) {
        norms[vector] = norm.vector((first + vector) * LANES);
        offsets[vector] = scales[vector] = splat(0.0f);
      }
      int64_t place = first * LANES;
      for (int64_t group = 0; group < groups; ++group, place += width) {
#pragma GCC unroll 4
        for (int vector = 0; vector < few.value; ++vector) {
          const int64_t at = place + vector * LANES;
          const Lanes standard = norms[vector].standard(load(values + at));
          const Lanes inner = activationGradient<activation>(load(gradients + at), norms[vector].scaled(standard));
          offsets[vector] += inner;
          scales[vector] += inner * standard;
        }
      }
#pragma GCC unroll 4
      for (int vector = 0; vector < few.value; ++vector) {
        const int64_t at = (first + vector) * LANES;
        store(part + at, offsets[vector]);
        store(part + width + at, scales[vector]);
      }
    });
  };
  forEachChunk(layout, [&](int64_t chunk, int64_t first, int64_t end) {
    sumGroups(dy + first * width, x + first * width, end - first, &parts[chunk * 2 * width]);
  });
  onRest<2, Storage>(layout, {dy, x}, nullptr, [&](const auto& inputs, Storage*) {
    sumGroups(inputs[0], inputs[1], 1, &parts[chunks * 2 * width]);
  });
  GradientSums sums{std::vector<double>(layout.channels, 0), std::vector<double>(layout.channels, 0)};
  for (int64_t part = 0; part <= chunks; ++part) {
    for (int64_t at = 0; at < width; ++at) {
      sums.offset[at % layout.channels] += parts[part * 2 * width + at];
      sums.scale[at % layout.channels] += parts[(part * 2 + 1) * width + at];
    }
  }
  return sums;
}

// dx = scale · factor · (g − (Σ g + standard · Σ g·standard) / rows)
template <Activation activation, typename Storage>
void applyGradient(const std::array<const Storage*, 2>& dyAndX, Storage* dx, const RowGroups& layout, const Norm& norm,
                   const GradientSums& sums) {
  // The sums' factors multiplied out.
  std::vector<float> gain(layout.width), slope(layout.width), shift(layout.width);
  for (int64_t at = 0; at < layout.width; ++at) {
    gain[at] = norm.scale[at] * norm.factor[at];
    slope[at] = static_cast<float>(sums.scale[at % layout.channels] / layout.rows * gain[at]);
    shift[at] = static_cast<float>(sums.offset[at % layout.channels] / layout.rows * gain[at]);
  }
  mapGroups<2, Storage>(layout, dyAndX, dx, [&](const auto& inputs, Storage* to, int64_t groups, auto put) {
    const Storage *dy = inputs[0], *x = inputs[1];
    for (int64_t first = 0; first < layout.width; first += LANES) {
      const Norm::Vector of = norm.vector(first);
      const Lanes gains = load(&gain[first]), slopes = load(&slope[first]), shifts = load(&shift[first]);
      int64_t at = first;
      for (int64_t group = 0; group < groups; ++group, at += layout.width) {
        const Lanes standard = of.standard(load(x + at));
        const Lanes inner = activationGradient<activation>(load(dy + at), of.scaled(standard));
        put(to + at, inner * gains - (standard * slopes + shifts));
      }
    }
  });
}

}  // namespace

template <typename Storage>
void batchNormTraining(const BatchNorm& norm, const Storage* x, Storage* y, float* mean, float* variance) {
  const RowGroups layout(norm.rows, norm.channels);
  const std::vector<Moments> moments = channelMoments(x, layout);
  for (int64_t channel = 0; channel < norm.channels; ++channel) {
    mean[channel] = static_cast<float>(moments[channel].mean);
    variance[channel] = static_cast<float>(moments[channel].squares / moments[channel].count);
  }
  const Norm values(norm, mean, variance, layout);
  withActivation(norm.activation, [&](auto fixed) { applyNorm<fixed.value>(x, y, layout, values); });
}

template <typename Storage>
void batchNormTrainingGrad(const BatchNorm& norm, const BatchNormPass<Storage>& pass, Storage* dx, float* dscale,
                           float* doffset) {
  const RowGroups layout(norm.rows, norm.channels);
  const Norm values(norm, pass.mean, pass.variance, layout);
  withActivation(norm.activation, [&](auto fixed) {
    const GradientSums sums = gradientSums<fixed.value>(pass.dy, pass.x, layout, values);
    applyGradient<fixed.value, Storage>({pass.dy, pass.x}, dx, layout, values, sums);
    std::copy(sums.scale.begin(), sums.scale.end(), dscale);
    std::copy(sums.offset.begin(), sums.offset.end(), doffset);
  });
}

template void batchNormTraining(const BatchNorm&, const float*, float*, float*, float*);
template void batchNormTraining(const BatchNorm&, const Bfloat16*, Bfloat16*, float*, float*);
template void batchNormTrainingGrad(const BatchNorm&, const BatchNormPass<float>&, float*, float*, float*);
template void batchNormTrainingGrad(const BatchNorm&, const BatchNormPass<Bfloat16>&, Bfloat16*, float*, float*);

}  // namespace dna::cpu
