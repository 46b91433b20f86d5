// The mean over an image's positions, and its gradient.
#include "columns.cuh"

namespace dna::cuda {

namespace {

template <typename Kind>
struct MeanReader {
  static constexpr int WIDTH = Kind::WIDTH, SUMS = 1;
  const typename Kind::Type* x;

  __device__ void begin(int64_t, int64_t) {}
  __device__ void add(int64_t offset, float (&sums)[SUMS][WIDTH]) const {
    float values[WIDTH];
    load<WIDTH>(x + offset, values);
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) sums[0][each] += values[each];
  }
};

struct MeanFinish {
  static constexpr int SUMS = 1;
  float* mean;
  int64_t channels;
  float positions;

  __device__ void operator()(int64_t image, int64_t channel, const float (&sums)[SUMS]) const {
    mean[image * channels + channel] = sums[0] / positions;
  }
};

template <typename Kind>
struct MeanGradientMapper {
  static constexpr int WIDTH = Kind::WIDTH;
  struct Row {};
  const float* dmean;
  typename Kind::Type* dx;
  int64_t channels;
  float positions;
  float share[WIDTH];

  __device__ void begin(int64_t image, int64_t channel) {
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) share[each] = dmean[image * channels + channel + each] / positions;
  }
  __device__ Row read(int64_t) const { return {}; }
  __device__ void write(int64_t offset, const Row&) const { save<WIDTH>(dx + offset, share); }
};

Columns columnsOf(const ImageShape& shape, int width) {
  return dealColumns(shape.images, shape.positions, shape.channels, width);
}

}  // namespace

int64_t imageSumScratch(const ImageShape& shape) {
  return columnsOf(shape, widthOf(shape.storage, shape.channels)).partials(1);
}

void launchGlobalMean(const ImageShape& shape, const void* x, float* mean, float* scratch, Stream stream) {
  requireAligned("globalMean", x);
  withAccess(shape.storage, shape.channels, [&](auto access) {
    using Kind = decltype(access);
    const MeanReader<Kind> reader{static_cast<const typename Kind::Type*>(x)};
    const MeanFinish finish{mean, shape.channels, static_cast<float>(shape.positions)};
    launchSums(columnsOf(shape, Kind::WIDTH), reader, finish, scratch, stream, "globalMean");
  });
}

void launchGlobalMeanGrad(const ImageShape& shape, const float* dmean, void* dx, Stream stream) {
  requireAligned("globalMeanGrad", dx);
  withAccess(shape.storage, shape.channels, [&](auto access) {
    using Kind = decltype(access);
    const auto positions = static_cast<float>(shape.positions);
    const MeanGradientMapper<Kind> mapper{dmean, static_cast<typename Kind::Type*>(dx), shape.channels, positions, {}};
    launchMap(columnsOf(shape, Kind::WIDTH), mapper, stream, "globalMeanGrad");
  });
}

}  // namespace dna::cuda
