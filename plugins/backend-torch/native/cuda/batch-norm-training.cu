// Batch norm with the batch's own statistics, its activation fused: forward and gradient.
#include "activation.cuh"
#include "columns.cuh"

namespace dna::cuda {

namespace {

// Sums are taken about a value near the mean, so that squares do not cancel: the mean of some rows of the batch.
template <typename T>
__device__ inline float shiftOf(const T* x, int64_t rows, int64_t channels, int64_t channel) {
  constexpr int SAMPLES = 4;
  float sum = 0.0f;
  DNA_UNROLL
  for (int sample = 0; sample < SAMPLES; ++sample) {
    const int64_t row = (rows - 1) * sample / (SAMPLES - 1);
    float value[1];
    load<1>(x + row * channels + channel, value);
    sum += value[0];
  }
  return sum / SAMPLES;
}

// Σ (x − shift) and Σ (x − shift)²
template <typename Kind>
struct MomentReader {
  static constexpr int WIDTH = Kind::WIDTH, SUMS = 2;
  const typename Kind::Type* x;
  int64_t rows, channels;
  float shift[WIDTH];

  __device__ void begin(int64_t, int64_t channel) {
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) shift[each] = shiftOf(x, rows, channels, channel + each);
  }
  __device__ void add(int64_t offset, float (&sums)[SUMS][WIDTH]) const {
    float values[WIDTH];
    load<WIDTH>(x + offset, values);
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) {
      const float distance = values[each] - shift[each];
      sums[0][each] += distance;
      sums[1][each] += distance * distance;
    }
  }
};

template <typename T>
struct MomentFinish {
  static constexpr int SUMS = 2;
  const T* x;
  int64_t rows, channels;
  float* mean;
  float* variance;

  __device__ void operator()(int64_t, int64_t channel, const float (&sums)[SUMS]) const {
    const float distance = sums[0] / static_cast<float>(rows);
    const float square = sums[1] / static_cast<float>(rows) - distance * distance;
    mean[channel] = shiftOf(x, rows, channels, channel) + distance;
    variance[channel] = square > 0.0f ? square : 0.0f;
  }
};

// x → (x − mean) · factor + offset
template <int WIDTH>
struct Norm {
  NormVectors vectors;
  float mean[WIDTH], factor[WIDTH], offset[WIDTH];

  __device__ void begin(int64_t channel) {
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) {
      mean[each] = vectors.mean[channel + each];
      factor[each] = vectors.scale[channel + each] * root(channel + each);
      offset[each] = vectors.offset[channel + each];
    }
  }
  __device__ float root(int64_t channel) const { return rsqrtf(vectors.variance[channel] + vectors.epsilon); }
};

template <typename Kind, Fused activation>
struct NormMapper {
  static constexpr int WIDTH = Kind::WIDTH;
  using T = typename Kind::Type;
  struct Row {
    float x[WIDTH];
  };
  const T* x;
  T* y;
  Norm<WIDTH> norm;

  __device__ void begin(int64_t, int64_t channel) { norm.begin(channel); }
  __device__ Row read(int64_t offset) const {
    Row row;
    load<WIDTH>(x + offset, row.x);
    return row;
  }
  __device__ void write(int64_t offset, const Row& row) const {
    float values[WIDTH];
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) {
      const float inner = (row.x[each] - norm.mean[each]) * norm.factor[each] + norm.offset[each];
      values[each] = activated<activation>(inner);
    }
    save<WIDTH>(y + offset, values);
  }
};

// Σ g and Σ g · (x − mean), where g is dy behind the activation.
template <typename Kind, Fused activation>
struct GradientReader {
  static constexpr int WIDTH = Kind::WIDTH, SUMS = 2;
  using T = typename Kind::Type;
  const T* dy;
  const T* x;
  Norm<WIDTH> norm;

  __device__ void begin(int64_t, int64_t channel) { norm.begin(channel); }
  __device__ void add(int64_t offset, float (&sums)[SUMS][WIDTH]) const {
    float gradients[WIDTH], values[WIDTH];
    load<WIDTH>(dy + offset, gradients);
    load<WIDTH>(x + offset, values);
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) {
      const float distance = values[each] - norm.mean[each];
      const float inner = distance * norm.factor[each] + norm.offset[each];
      const float gradient = activationGradient<activation>(gradients[each], inner);
      sums[0][each] += gradient;
      sums[1][each] += gradient * distance;
    }
  }
};

struct GradientFinish {
  static constexpr int SUMS = 2;
  NormVectors vectors;
  float* dscale;
  float* doffset;

  __device__ void operator()(int64_t, int64_t channel, const float (&sums)[SUMS]) const {
    doffset[channel] = sums[0];
    dscale[channel] = sums[1] * rsqrtf(vectors.variance[channel] + vectors.epsilon);
  }
};

// dx = factor · (g − (Σ g + standard · Σ g·standard) / rows)
template <typename Kind, Fused activation>
struct GradientMapper {
  static constexpr int WIDTH = Kind::WIDTH;
  using T = typename Kind::Type;
  struct Row {
    float dy[WIDTH], x[WIDTH];
  };
  const T* dy;
  const T* x;
  T* dx;
  Norm<WIDTH> norm;
  const float* dscale;
  const float* doffset;
  float rows;
  float shift[WIDTH], slope[WIDTH];

  __device__ void begin(int64_t, int64_t channel) {
    norm.begin(channel);
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) {
      shift[each] = norm.factor[each] * doffset[channel + each] / rows;
      slope[each] = norm.factor[each] * norm.root(channel + each) * dscale[channel + each] / rows;
    }
  }
  __device__ Row read(int64_t offset) const {
    Row row;
    load<WIDTH>(dy + offset, row.dy);
    load<WIDTH>(x + offset, row.x);
    return row;
  }
  __device__ void write(int64_t offset, const Row& row) const {
    float values[WIDTH];
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) {
      const float distance = row.x[each] - norm.mean[each];
      const float inner = distance * norm.factor[each] + norm.offset[each];
      const float gradient = activationGradient<activation>(row.dy[each], inner);
      values[each] = norm.factor[each] * gradient - shift[each] - slope[each] * distance;
    }
    save<WIDTH>(dx + offset, values);
  }
};

Columns columnsOf(const RowShape& shape, int width) { return dealColumns(1, shape.rows, shape.channels, width); }

}  // namespace

int64_t batchNormScratch(const RowShape& shape) {
  return columnsOf(shape, widthOf(shape.storage, shape.channels)).partials(2);
}

void launchBatchNormTraining(const RowShape& shape, const void* x, const NormVectors& vectors, Fused activation,
                             void* y, float* scratch, Stream stream) {
  requireAligned("batchNormTraining", x, y);
  withAccess(shape.storage, shape.channels, [&](auto access) {
    using Kind = decltype(access);
    using T = typename Kind::Type;
    const Columns columns = columnsOf(shape, Kind::WIDTH);
    const T* from = static_cast<const T*>(x);
    const MomentReader<Kind> reader{from, shape.rows, shape.channels, {}};
    const MomentFinish<T> finish{from, shape.rows, shape.channels, vectors.mean, vectors.variance};
    launchSums(columns, reader, finish, scratch, stream, "batchNormTraining");
    withFused(activation, [&](auto fixed) {
      const NormMapper<Kind, decltype(fixed)::value> mapper{from, static_cast<T*>(y), {vectors, {}, {}, {}}};
      launchMap(columns, mapper, stream, "batchNormTraining");
    });
  });
}

void launchBatchNormTrainingGrad(const RowShape& shape, const void* dy, const void* x, const NormVectors& vectors,
                                 Fused activation, void* dx, float* dscale, float* doffset, float* scratch,
                                 Stream stream) {
  requireAligned("batchNormTrainingGrad", dy, x, dx);
  withAccess(shape.storage, shape.channels, [&](auto access) {
    using Kind = decltype(access);
    using T = typename Kind::Type;
    const Columns columns = columnsOf(shape, Kind::WIDTH);
    const T* gradient = static_cast<const T*>(dy);
    const T* from = static_cast<const T*>(x);
    const Norm<Kind::WIDTH> norm{vectors, {}, {}, {}};
    withFused(activation, [&](auto fixed) {
      constexpr Fused FUSED = decltype(fixed)::value;
      const GradientReader<Kind, FUSED> reader{gradient, from, norm};
      launchSums(columns, reader, GradientFinish{vectors, dscale, doffset}, scratch, stream, "batchNormTrainingGrad");
      const auto rows = static_cast<float>(shape.rows);
      const GradientMapper<Kind, FUSED> mapper{gradient, from, static_cast<T*>(dx), norm, dscale, doffset, rows,
                                               {},       {}};
      launchMap(columns, mapper, stream, "batchNormTrainingGrad");
    });
  });
}

}  // namespace dna::cuda
