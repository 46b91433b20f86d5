// Each image's channels times its gate, and the sums of products that its gradient needs; the gradient takes dx and
// dgate from one read of dy.
#include "columns.cuh"

namespace dna::cuda {

namespace {

template <typename Kind>
struct GateMapper {
  static constexpr int WIDTH = Kind::WIDTH;
  using T = typename Kind::Type;
  struct Row {
    float x[WIDTH];
  };
  const T* x;
  const float* gates;
  const float* shifts;
  T* y;
  int64_t channels;
  float gate[WIDTH], shift[WIDTH];

  __device__ void begin(int64_t image, int64_t channel) {
    loadVector<WIDTH>(gates, image * channels + channel, 1.0f, gate);
    loadVector<WIDTH>(shifts, image * channels + channel, 0.0f, shift);
  }
  __device__ Row read(int64_t offset) const {
    Row row;
    load<WIDTH>(x + offset, row.x);
    return row;
  }
  __device__ void write(int64_t offset, const Row& row) const {
    float values[WIDTH];
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) values[each] = row.x[each] * gate[each] + shift[each];
    save<WIDTH>(y + offset, values);
  }
};

// Writes dx = dy · gate on its way, and sums dy · x.
template <typename Kind>
struct GateGradientReader {
  static constexpr int WIDTH = Kind::WIDTH, SUMS = 1;
  using T = typename Kind::Type;
  const T* dy;
  const T* x;
  const float* gates;
  T* dx;
  int64_t channels;
  float gate[WIDTH];

  __device__ void begin(int64_t image, int64_t channel) {
    loadVector<WIDTH>(gates, image * channels + channel, 1.0f, gate);
  }
  __device__ void add(int64_t offset, float (&sums)[SUMS][WIDTH]) const {
    float gradients[WIDTH], values[WIDTH];
    load<WIDTH>(dy + offset, gradients);
    load<WIDTH>(x + offset, values);
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) {
      sums[0][each] += gradients[each] * values[each];
      gradients[each] *= gate[each];
    }
    save<WIDTH>(dx + offset, gradients);
  }
};

template <typename Kind>
struct DotReader {
  static constexpr int WIDTH = Kind::WIDTH, SUMS = 1;
  using T = typename Kind::Type;
  const T* one;
  const T* other;

  __device__ void begin(int64_t, int64_t) {}
  __device__ void add(int64_t offset, float (&sums)[SUMS][WIDTH]) const {
    float left[WIDTH], right[WIDTH];
    load<WIDTH>(one + offset, left);
    load<WIDTH>(other + offset, right);
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) sums[0][each] += left[each] * right[each];
  }
};

struct DotFinish {
  static constexpr int SUMS = 1;
  float* dot;
  int64_t channels;

  __device__ void operator()(int64_t image, int64_t channel, const float (&sums)[SUMS]) const {
    dot[image * channels + channel] = sums[0];
  }
};

Columns columnsOf(const ImageShape& shape, int width) {
  return dealColumns(shape.images, shape.positions, shape.channels, width);
}

}  // namespace

void launchChannelGate(const ImageShape& shape, const void* x, const float* gate, const float* shift, void* y,
                       Stream stream) {
  requireAligned("channelGate", x, y);
  withAccess(shape.storage, shape.channels, [&](auto access) {
    using Kind = decltype(access);
    using T = typename Kind::Type;
    const GateMapper<Kind> mapper{static_cast<const T*>(x), gate, shift, static_cast<T*>(y), shape.channels, {}, {}};
    launchMap(columnsOf(shape, Kind::WIDTH), mapper, stream, "channelGate");
  });
}

void launchChannelGateGrad(const ImageShape& shape, const void* dy, const void* x, const float* gate, void* dx,
                           float* dgate, float* scratch, Stream stream) {
  requireAligned("channelGateGrad", dy, x, dx);
  withAccess(shape.storage, shape.channels, [&](auto access) {
    using Kind = decltype(access);
    using T = typename Kind::Type;
    const GateGradientReader<Kind> reader{static_cast<const T*>(dy), static_cast<const T*>(x), gate,
                                          static_cast<T*>(dx),       shape.channels,           {}};
    const DotFinish finish{dgate, shape.channels};
    launchSums(columnsOf(shape, Kind::WIDTH), reader, finish, scratch, stream, "channelGateGrad");
  });
}

void launchChannelDot(const ImageShape& shape, const void* one, const void* other, float* dot, float* scratch,
                      Stream stream) {
  requireAligned("channelDot", one, other);
  withAccess(shape.storage, shape.channels, [&](auto access) {
    using Kind = decltype(access);
    using T = typename Kind::Type;
    const DotReader<Kind> reader{static_cast<const T*>(one), static_cast<const T*>(other)};
    const DotFinish finish{dot, shape.channels};
    launchSums(columnsOf(shape, Kind::WIDTH), reader, finish, scratch, stream, "channelDot");
  });
}

}  // namespace dna::cuda
