// Batch norm with the batch's own statistics and its gradient, an activation fused into both.
#include <cmath>

#include "activation.h"
#include "moments.h"
#include "op.h"
#include "rows.h"

namespace dna {

namespace {

// Rows of a chunk that a place of a group has: the rest's padded rows are none.
int64_t rowsAt(const RowGroups& layout, int64_t groups, int64_t rows, int64_t place) {
  const int64_t row = place / layout.channels;
  return groups == 1 && row >= rows ? 0 : groups;
}

std::vector<Moments> momentsOf(const RowGroups& layout, const float* x) {
  const int64_t width = layout.width;
  std::vector<float> means(static_cast<size_t>(layout.chunks() * width)), squares(means.size());
  std::vector<int64_t> groups(static_cast<size_t>(layout.chunks())), rows(groups.size());
  forEachChunk<1>(layout, {x}, nullptr, [&](int64_t index, const Chunk<1>& chunk) {
    groups[index] = chunk.groups;
    rows[index] = chunk.rows;
    for (int64_t at = 0; at < width; at += LANES) {
      const float* from = chunk.inputs[0] + at;
      Lanes sum{}, spread{};
      for (int64_t group = 0; group < chunk.groups; ++group) sum += load(from + group * width);
      const Lanes mean = sum / static_cast<float>(chunk.groups);
      for (int64_t group = 0; group < chunk.groups; ++group) {
        const Lanes distance = load(from + group * width) - mean;
        spread += distance * distance;
      }
      store(&means[index * width + at], mean);
      store(&squares[index * width + at], spread);
    }
  });
  std::vector<Moments> moments(static_cast<size_t>(layout.channels));
  for (int64_t index = 0; index < layout.chunks(); ++index) {
    for (int64_t at = 0; at < width; ++at) {
      const double count = static_cast<double>(rowsAt(layout, groups[index], rows[index], at));
      moments[at % layout.channels].merge({count, means[index * width + at], squares[index * width + at]});
    }
  }
  return moments;
}

void train(Call& call) {
  const Tensor x = call.input(0), scale = call.input(1), offset = call.input(2);
  const int64_t channels = x.channels();
  const Tensor y = call.output(0, x.shape), mean = call.output(1, {channels}), variance = call.output(2, {channels});
  const RowGroups layout(x.rows(), channels);
  const std::vector<Moments> moments = momentsOf(layout, x.data);
  std::vector<float> factors(static_cast<size_t>(channels)), shifts(factors.size());
  for (int64_t channel = 0; channel < channels; ++channel) {
    const double biased = moments[channel].count > 0 ? moments[channel].squares / moments[channel].count : 0;
    const double factor = scale.data[channel] / std::sqrt(biased + call.attributes.epsilon);
    mean.data[channel] = static_cast<float>(moments[channel].mean);
    variance.data[channel] = static_cast<float>(biased);
    factors[channel] = static_cast<float>(factor);
    shifts[channel] = static_cast<float>(offset.data[channel] - moments[channel].mean * factor);
  }
  const std::vector<float> a = layout.repeat(factors.data()), b = layout.repeat(shifts.data());
  withActivation(call.attributes.activation, [&](auto activation) {
    forEachChunk<1>(layout, {x.data}, y.data, [&](int64_t, const Chunk<1>& chunk) {
      for (int64_t group = 0; group < chunk.groups; ++group) {
        const float* from = chunk.inputs[0] + group * layout.width;
        float* to = chunk.output + group * layout.width;
        for (int64_t at = 0; at < layout.width; at += LANES) {
          put(to + at, activated<activation>(load(from + at) * load(&a[at]) + load(&b[at])), chunk.streams);
        }
      }
    });
  });
}

// What the gradient needs of each channel, repeated to the width of a group.
struct Normal {
  std::vector<float> factor, shift, mean, inverse;
};

Normal normalOf(Call& call, const RowGroups& layout, const Tensor& scale, const Tensor& offset, const Tensor& mean,
                const Tensor& variance) {
  std::vector<float> factors(static_cast<size_t>(layout.channels)), shifts(factors.size()), inverses(factors.size());
  for (int64_t channel = 0; channel < layout.channels; ++channel) {
    const double inverse = 1 / std::sqrt(static_cast<double>(variance.data[channel]) + call.attributes.epsilon);
    inverses[channel] = static_cast<float>(inverse);
    factors[channel] = static_cast<float>(scale.data[channel] * inverse);
    shifts[channel] = static_cast<float>(offset.data[channel] - mean.data[channel] * scale.data[channel] * inverse);
  }
  return {layout.repeat(factors.data()), layout.repeat(shifts.data()), layout.repeat(mean.data),
          layout.repeat(inverses.data())};
}

// Sums over rows of the inner gradient, and of its product with the normalised input.
template <Activation activation>
void sumGradients(const RowGroups& layout, const Tensor& dy, const Tensor& x, const Normal& normal,
                  std::vector<double>& plain, std::vector<double>& scaled) {
  const int64_t width = layout.width;
  std::vector<float> sums(static_cast<size_t>(layout.chunks() * width * 2));
  forEachChunk<2>(layout, {dy.data, x.data}, nullptr, [&](int64_t index, const Chunk<2>& chunk) {
    for (int64_t at = 0; at < width; at += LANES) {
      const Lanes factor = load(&normal.factor[at]), shift = load(&normal.shift[at]);
      const Lanes mean = load(&normal.mean[at]), inverse = load(&normal.inverse[at]);
      Lanes sum{}, product{};
      for (int64_t group = 0; group < chunk.groups; ++group) {
        const Lanes value = load(chunk.inputs[1] + group * width + at);
        const Lanes inner = activationGradient<activation>(load(chunk.inputs[0] + group * width + at), value * factor + shift);
        sum += inner;
        product += inner * (value - mean);
      }
      store(&sums[(index * 2) * width + at], sum);
      store(&sums[(index * 2 + 1) * width + at], product * inverse);
    }
  });
  for (int64_t index = 0; index < layout.chunks(); ++index) {
    for (int64_t at = 0; at < width; ++at) {
      plain[at % layout.channels] += sums[(index * 2) * width + at];
      scaled[at % layout.channels] += sums[(index * 2 + 1) * width + at];
    }
  }
}

// dx = factor · (inner − Σ inner / n − normalised · Σ(inner · normalised) / n) = inner · factor + x · slope + level
template <Activation activation>
void spreadGradients(const RowGroups& layout, const Tensor& dy, const Tensor& x, const Tensor& dx, const Normal& normal,
                     const std::vector<float>& slope, const std::vector<float>& level) {
  const int64_t width = layout.width;
  forEachChunk<2>(layout, {dy.data, x.data}, dx.data, [&](int64_t, const Chunk<2>& chunk) {
    for (int64_t group = 0; group < chunk.groups; ++group) {
      for (int64_t at = 0; at < width; at += LANES) {
        const Lanes factor = load(&normal.factor[at]);
        const Lanes value = load(chunk.inputs[1] + group * width + at);
        const Lanes inner = activationGradient<activation>(load(chunk.inputs[0] + group * width + at),
                                                           value * factor + load(&normal.shift[at]));
        const Lanes result = inner * factor + (value * load(&slope[at]) + load(&level[at]));
        put(chunk.output + group * width + at, result, chunk.streams);
      }
    }
  });
}

void differentiate(Call& call) {
  const Tensor dy = call.input(0), x = call.input(1), scale = call.input(2), offset = call.input(3);
  const Tensor mean = call.input(4), variance = call.input(5);
  const int64_t channels = x.channels();
  const Tensor dx = call.output(0, x.shape), dscale = call.output(1, {channels}), doffset = call.output(2, {channels});
  const RowGroups layout(x.rows(), channels);
  const Normal normal = normalOf(call, layout, scale, offset, mean, variance);
  std::vector<double> plain(static_cast<size_t>(channels)), scaled(plain.size());
  withActivation(call.attributes.activation, [&](auto activation) {
    sumGradients<activation>(layout, dy, x, normal, plain, scaled);
    std::vector<float> slopes(static_cast<size_t>(channels)), levels(slopes.size());
    for (int64_t channel = 0; channel < channels; ++channel) {
      const double count = static_cast<double>(layout.rows);
      const double factor = normal.factor[channel], inverse = normal.inverse[channel];
      const double slope = -factor * inverse * scaled[channel] / count;
      dscale.data[channel] = static_cast<float>(scaled[channel]);
      doffset.data[channel] = static_cast<float>(plain[channel]);
      slopes[channel] = static_cast<float>(slope);
      levels[channel] = static_cast<float>(-factor * plain[channel] / count - slope * mean.data[channel]);
    }
    spreadGradients<activation>(layout, dy, x, dx, normal, layout.repeat(slopes.data()), layout.repeat(levels.data()));
  });
}

const bool TRAINING = registered<&train>("DnaBatchNormTraining", {"x", "scale", "offset"}, {"y", "mean", "variance"},
                                        {"epsilon: float", "activation: int"});
const bool GRADIENT = registered<&differentiate>("DnaBatchNormTrainingGrad",
                                                 {"dy", "x", "scale", "offset", "mean", "variance"},
                                                 {"dx", "dscale", "doffset"}, {"epsilon: float", "activation: int"});

}  // namespace

}  // namespace dna
