// Batch norm with the batch's own statistics, its activation fused: forward and gradient.
#include "activation.h"
#include "../bind.h"
#include "../device-ops.h"
#include "moments.h"
#include "../rows.h"
#include "../shapes.h"

namespace dna {

namespace {

// Of each channel: a group has some rows, and so some columns of each.
template <typename Storage>
std::vector<Moments> channelMoments(const Storage* x, const RowGroups& layout) {
  std::vector<ChannelMoments> parts(static_cast<size_t>(chunkCount(layout)), ChannelMoments(layout.width));
  forEachChunk(layout, [&](int64_t chunk, int64_t first, int64_t end) {
    const Storage* from = x + first * layout.width;
    parts[chunk].add(end - first, [=, &layout](int64_t row, int64_t at) { return load(from + row * layout.width + at); });
  });
  for (size_t part = 1; part < parts.size(); ++part) parts[0].merge(parts[part]);
  std::vector<Moments> all(static_cast<size_t>(layout.channels));
  if (!parts.empty()) {
    for (int64_t at = 0; at < layout.width; ++at) all[at % layout.channels].merge(parts[0].of(at));
  }
  const Storage* rest = x + layout.restOffset();
  for (int64_t at = 0; at < layout.restFloats(); ++at) {
    all[at % layout.channels].merge({1, static_cast<double>(static_cast<float>(rest[at])), 0});
  }
  return all;
}

// Per-channel values, repeated over a group: x → (x − mean) · factor · scale + offset.
struct Norm {
  std::vector<float> mean, factor, scale, offset;

  Norm(const BatchNormVectors& vectors, double epsilon, const RowGroups& layout)
      : mean(repeated(vectors.mean, layout)),
        factor(repeated((vectors.variance + epsilon).rsqrt(), layout)),
        scale(repeated(vectors.scale, layout)),
        offset(repeated(vectors.offset, layout)) {}

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

at::Tensor vectorOf(const std::vector<double>& values) {
  at::Tensor vector = emptyFloats({static_cast<int64_t>(values.size())});
  std::copy(values.begin(), values.end(), vector.mutable_data_ptr<float>());
  return vector;
}

void requireVectors(const char* op, const at::Tensor& x, const at::Tensor& scale, const at::Tensor& offset) {
  const bool fit = x.dim() >= 1 && x.numel() > 0 && scale.dim() == 1 && offset.dim() == 1 &&
                   scale.size(0) == x.size(-1) && offset.size(0) == x.size(-1);
  requireShapes(fit, op, "x [.., c] that is not empty, scale [c] and offset [c]", {x, scale, offset});
}

std::pair<at::Tensor, at::Tensor> statisticsOf(const at::Tensor& x, const RowGroups& layout) {
  std::vector<double> mean, variance;
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    for (const Moments& moments : channelMoments(x.const_data_ptr<Storage>(), layout)) {
      mean.push_back(moments.mean);
      variance.push_back(moments.squares / moments.count);
    }
  });
  return {vectorOf(mean), vectorOf(variance)};
}

// x [.., c], scale [c], offset [c] → activation(normalised x), mean [c], variance [c] (biased).
std::tuple<Stored, at::Tensor, at::Tensor> batchNormTraining(const Stored& input, const at::Tensor& scale,
                                                             const at::Tensor& offset, double epsilon,
                                                             int64_t activation) {
  requireVectors("BatchNormTraining", input.tensor, scale, offset);
  const auto kind = static_cast<Activation>(activation);
  if (!input.tensor.is_cpu()) return device::batchNormTraining(input, {scale, offset, {}, {}}, epsilon, kind);
  const at::Tensor x = input.tensor.contiguous();
  const RowGroups layout(x);
  const auto [mean, variance] = statisticsOf(x, layout);
  const Norm norm({scale, offset, mean, variance}, epsilon, layout);
  at::Tensor y = at::empty_like(x);
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    withActivation(kind, [&](auto fixed) {
      applyNorm<fixed.value>(x.const_data_ptr<Storage>(), y.mutable_data_ptr<Storage>(), layout, norm);
    });
  });
  return {Stored{y}, mean, variance};
}

// → dx as x, dscale [c], doffset [c].
std::tuple<Stored, at::Tensor, at::Tensor> batchNormTrainingGrad(const Stored& gradient, const Stored& input,
                                                                 const at::Tensor& scale, const at::Tensor& offset,
                                                                 const at::Tensor& mean, const at::Tensor& variance,
                                                                 double epsilon, int64_t activation) {
  requireVectors("BatchNormTrainingGrad", input.tensor, scale, offset);
  requireShapes(gradient.tensor.sizes() == input.tensor.sizes(), "BatchNormTrainingGrad", "dy and x of one shape",
                {gradient.tensor, input.tensor});
  const auto kind = static_cast<Activation>(activation);
  const BatchNormVectors vectors{scale, offset, mean, variance};
  if (!input.tensor.is_cpu()) return device::batchNormTrainingGrad(gradient, input, vectors, epsilon, kind);
  const at::Tensor x = input.tensor.contiguous();
  const at::Tensor dy = gradient.tensor.to(x.scalar_type()).contiguous();
  const RowGroups layout(x);
  const Norm norm(vectors, epsilon, layout);
  at::Tensor dx = at::empty_like(x);
  GradientSums sums;
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    const std::array<const Storage*, 2> inputs{dy.const_data_ptr<Storage>(), x.const_data_ptr<Storage>()};
    withActivation(kind, [&](auto fixed) {
      sums = gradientSums<fixed.value>(inputs[0], inputs[1], layout, norm);
      applyGradient<fixed.value>(inputs, dx.mutable_data_ptr<Storage>(), layout, norm, sums);
    });
  });
  return {Stored{dx}, vectorOf(sums.scale), vectorOf(sums.offset)};
}

}  // namespace

DNA_OP(batchNormTraining)
DNA_OP(batchNormTrainingGrad)

}  // namespace dna
