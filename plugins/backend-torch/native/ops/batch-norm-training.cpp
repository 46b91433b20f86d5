// Batch norm with the batch's own statistics, its activation fused: forward and gradient.
#include "activation.h"
#include "../bind.h"
#include "../device-ops.h"
#include "moments.h"
#include "../rows.h"
#include "../shapes.h"

namespace dna {

namespace {

// What the floats of a group that belong to one channel sum up to.
double channelSum(const std::vector<float>& sums, const RowGroups& layout, int64_t channel) {
  double total = 0;
  for (int64_t at = channel; at < layout.width; at += layout.channels) total += sums[at];
  return total;
}

// Two passes over a chunk that stays in the cache: the mean, then the squares about it, which cannot cancel.
template <typename Storage>
void chunkMoments(const Storage* x, const RowGroups& layout, int64_t groups, Moments* moments) {
  const double count = static_cast<double>(groups * layout.perGroup);
  std::vector<float> sums(layout.width, 0.0f), means(layout.width), squares(layout.width, 0.0f);
  for (int64_t group = 0; group < groups; ++group) {
    const Storage* row = x + group * layout.width;
    for (int64_t at = 0; at < layout.width; at += LANES) store(&sums[at], load(&sums[at]) + load(row + at));
  }
  for (int64_t channel = 0; channel < layout.channels; ++channel) {
    const auto mean = static_cast<float>(channelSum(sums, layout, channel) / count);
    for (int64_t at = channel; at < layout.width; at += layout.channels) means[at] = mean;
  }
  for (int64_t group = 0; group < groups; ++group) {
    const Storage* row = x + group * layout.width;
    for (int64_t at = 0; at < layout.width; at += LANES) {
      const Lanes distance = load(row + at) - load(&means[at]);
      store(&squares[at], load(&squares[at]) + distance * distance);
    }
  }
  for (int64_t channel = 0; channel < layout.channels; ++channel) {
    moments[channel] = {count, channelSum(sums, layout, channel) / count, channelSum(squares, layout, channel)};
  }
}

template <typename Storage>
std::vector<Moments> channelMoments(const Storage* x, const RowGroups& layout) {
  const int64_t chunks = chunkCount(layout);
  std::vector<Moments> parts(static_cast<size_t>(chunks * layout.channels));
  forEachChunk(layout, [&](int64_t chunk, int64_t first, int64_t end) {
    chunkMoments(x + first * layout.width, layout, end - first, &parts[chunk * layout.channels]);
  });
  std::vector<Moments> all(static_cast<size_t>(layout.channels));
  for (size_t part = 0; part < parts.size(); ++part) all[part % layout.channels].merge(parts[part]);
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

  Lanes standard(Lanes x, int64_t at) const { return (x - load(&mean[at])) * load(&factor[at]); }
  Lanes scaled(Lanes standard, int64_t at) const { return standard * load(&scale[at]) + load(&offset[at]); }
};

template <Activation activation, typename Storage>
void applyNorm(const Storage* x, Storage* y, const RowGroups& layout, const Norm& norm) {
  mapGroups<1, Storage>(layout, {x}, y, [&](const auto& inputs, Storage* to, auto put) {
    for (int64_t at = 0; at < layout.width; at += LANES) {
      const Lanes standard = norm.standard(load(inputs[0] + at), at);
      put(to + at, activated<activation>(norm.scaled(standard, at)));
    }
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
  const auto addGroup = [&](const Storage* dyRow, const Storage* xRow, float* part) {
    for (int64_t at = 0; at < width; at += LANES) {
      const Lanes standard = norm.standard(load(xRow + at), at);
      const Lanes inner = activationGradient<activation>(load(dyRow + at), norm.scaled(standard, at));
      store(part + at, load(part + at) + inner);
      store(part + width + at, load(part + width + at) + inner * standard);
    }
  };
  forEachChunk(layout, [&](int64_t chunk, int64_t first, int64_t end) {
    for (int64_t group = first; group < end; ++group) {
      addGroup(dy + group * width, x + group * width, &parts[chunk * 2 * width]);
    }
  });
  onRest<2, Storage>(layout, {dy, x}, nullptr, [&](const auto& inputs, Storage*) {
    addGroup(inputs[0], inputs[1], &parts[chunks * 2 * width]);
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
  std::vector<float> meanOffset(layout.width), meanScale(layout.width), outer(layout.width);
  for (int64_t at = 0; at < layout.width; ++at) {
    meanOffset[at] = static_cast<float>(sums.offset[at % layout.channels] / layout.rows);
    meanScale[at] = static_cast<float>(sums.scale[at % layout.channels] / layout.rows);
    outer[at] = norm.scale[at] * norm.factor[at];
  }
  mapGroups<2, Storage>(layout, dyAndX, dx, [&](const auto& inputs, Storage* to, auto put) {
    for (int64_t at = 0; at < layout.width; at += LANES) {
      const Lanes standard = norm.standard(load(inputs[1] + at), at);
      const Lanes inner = activationGradient<activation>(load(inputs[0] + at), norm.scaled(standard, at));
      const Lanes common = load(&meanOffset[at]) + standard * load(&meanScale[at]);
      put(to + at, (inner - common) * load(&outer[at]));
    }
  });
}

at::Tensor vectorOf(const std::vector<double>& values) {
  at::Tensor vector = at::empty({static_cast<int64_t>(values.size())}, at::kFloat);
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
