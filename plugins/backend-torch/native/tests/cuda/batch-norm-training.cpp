#include "../../cuda/batch-norm-training.cu"

#include "activations.h"
#include "device-array.h"

namespace dna::tests {

namespace {

constexpr double EPSILON = 1e-3;

struct Case {
  int64_t rows, channels;
  Storage storage;
  Fused kind;
  bool misaligned = false;
  double mean = 0.5;

  int64_t count() const { return rows * channels; }
  cuda::RowShape shape() const { return {rows, channels, storage}; }
  std::string name() const {
    return textOf(rows, "x", channels, " ", nameOf(storage), " activation ", static_cast<int64_t>(kind));
  }
};

struct Vectors {
  DeviceArray scale, offset, mean, variance;
  explicit Vectors(const Case& each)
      : scale(DeviceArray::random(each.channels, 2, Storage::Float32, false, 1.0, 0.3)),
        offset(DeviceArray::random(each.channels, 3)),
        mean(each.channels),
        variance(each.channels) {}
  cuda::NormVectors pointers() {
    return {scale.floats(), offset.floats(), mean.floats(), variance.floats(), static_cast<float>(EPSILON)};
  }
};

DeviceArray inputOf(const Case& each) {
  return DeviceArray::random(each.count(), 1, each.storage, each.misaligned, each.mean, 2.0);
}

struct Statistics {
  std::vector<double> mean, variance;
};

Statistics statisticsOf(const Case& each, const std::vector<double>& x) {
  Statistics found{std::vector<double>(each.channels), std::vector<double>(each.channels)};
  for (int64_t at = 0; at < each.count(); ++at) found.mean[at % each.channels] += x[at] / each.rows;
  for (int64_t at = 0; at < each.count(); ++at) {
    const double distance = x[at] - found.mean[at % each.channels];
    found.variance[at % each.channels] += distance * distance / each.rows;
  }
  return found;
}

std::vector<DeviceArray> forward(const Case& each) {
  DeviceArray x = inputOf(each), y(each.count(), each.storage, each.misaligned);
  Vectors vectors(each);
  DeviceArray scratch(cuda::batchNormScratch(each.shape()));
  cuda::launchBatchNormTraining(each.shape(), x.data(), vectors.pointers(), each.kind, y.data(), scratch.floats(),
                                nullptr);
  std::vector<DeviceArray> results;
  results.push_back(std::move(y));
  results.push_back(std::move(vectors.mean));
  results.push_back(std::move(vectors.variance));
  return results;
}

void expectForward(const Case& each) {
  const std::vector<double> x = inputOf(each).values();
  const Statistics wanted = statisticsOf(each, x);
  const Vectors vectors(each);
  std::vector<double> y(x.size());
  for (int64_t at = 0; at < each.count(); ++at) {
    const int64_t channel = at % each.channels;
    const double standard = (x[at] - wanted.mean[channel]) / std::sqrt(wanted.variance[channel] + EPSILON);
    y[at] = activation(each.kind, standard * vectors.scale[channel] + vectors.offset[channel]);
  }
  const auto found = inEveryOrder([&] { return forward(each); });
  // The mean is a float32: far from zero its last digit shows in y.
  expectClose(found[0], y, std::abs(each.mean) > 100 ? 3e-5 : 3e-6, each.name() + " y");
  expectClose(found[1], wanted.mean, 1e-6, each.name() + " mean");
  expectClose(found[2], wanted.variance, 2e-6, each.name() + " variance");
}

std::vector<DeviceArray> gradient(const Case& each) {
  DeviceArray x = inputOf(each), dy = DeviceArray::random(each.count(), 4, each.storage, each.misaligned);
  DeviceArray dx(each.count(), each.storage, each.misaligned), dscale(each.channels), doffset(each.channels);
  const Statistics statistics = statisticsOf(each, x.values());
  Vectors vectors(each);
  vectors.mean = DeviceArray::of(statistics.mean);
  vectors.variance = DeviceArray::of(statistics.variance);
  DeviceArray scratch(cuda::batchNormScratch(each.shape()));
  cuda::launchBatchNormTrainingGrad(each.shape(), dy.data(), x.data(), vectors.pointers(), each.kind, dx.data(),
                                    dscale.floats(), doffset.floats(), scratch.floats(), nullptr);
  std::vector<DeviceArray> results;
  results.push_back(std::move(dx));
  results.push_back(std::move(dscale));
  results.push_back(std::move(doffset));
  return results;
}

void expectGradient(const Case& each) {
  const std::vector<double> x = inputOf(each).values();
  const std::vector<double> dy = DeviceArray::random(each.count(), 4, each.storage, each.misaligned).values();
  const Statistics statistics = statisticsOf(each, x);
  const Vectors vectors(each);
  std::vector<double> dscale(each.channels), doffset(each.channels), inner(x.size()), standard(x.size()), dx(x.size());
  const auto root = [&](int64_t channel) { return 1 / std::sqrt(statistics.variance[channel] + EPSILON); };
  for (int64_t at = 0; at < each.count(); ++at) {
    const int64_t channel = at % each.channels;
    standard[at] = (x[at] - statistics.mean[channel]) * root(channel);
    inner[at] = dy[at] * slope(each.kind, standard[at] * vectors.scale[channel] + vectors.offset[channel]);
    doffset[channel] += inner[at];
    dscale[channel] += inner[at] * standard[at];
  }
  for (int64_t at = 0; at < each.count(); ++at) {
    const int64_t channel = at % each.channels;
    const double common = (doffset[channel] + standard[at] * dscale[channel]) / each.rows;
    dx[at] = vectors.scale[channel] * root(channel) * (inner[at] - common);
  }
  const auto found = inEveryOrder([&] { return gradient(each); });
  // Of one or two rows dx is nearly zero, a difference of equal numbers.
  if (each.rows > 2) expectClose(found[0], dx, 5e-6, each.name() + " dx");
  expectClose(found[1], dscale, 1e-5, each.name() + " dscale");
  expectClose(found[2], doffset, 5e-6, each.name() + " doffset");
}

constexpr int64_t SHAPES[][2] = {{1, 8}, {1, 3}, {2, 1}, {7, 24}, {50, 40}, {333, 33}, {65, 264}, {130, 300}};

}  // namespace

DNA_TEST(batchNormTraining) {
  for (const Storage storage : STORAGES) {
    for (const auto& [rows, channels] : SHAPES) expectForward({rows, channels, storage, Fused::Swish});
    for (const Fused kind : ACTIVATIONS) expectForward({90, 16, storage, kind});
    expectRefused("batchNormTraining", [&] { forward({40, 16, storage, Fused::None, /*misaligned=*/true}); });
  }
}

DNA_TEST(batchNormTrainingFarFromZero) { expectForward({5000, 8, Storage::Float32, Fused::None, false, 3000.0}); }

DNA_TEST(batchNormTrainingOfManyRows) {
  expectForward({300000, 4, Storage::Float32, Fused::Swish});
  expectGradient({300000, 8, Storage::Bfloat16, Fused::Swish});
}

DNA_TEST(batchNormTrainingGrad) {
  for (const Storage storage : STORAGES) {
    for (const auto& [rows, channels] : SHAPES) expectGradient({rows, channels, storage, Fused::Swish});
    for (const Fused kind : ACTIVATIONS) expectGradient({90, 16, storage, kind});
    expectRefused("batchNormTrainingGrad", [&] { gradient({40, 16, storage, Fused::None, /*misaligned=*/true}); });
  }
}

}  // namespace dna::tests
