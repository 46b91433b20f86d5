// A folded norm or a bias, with its activation: activation(x · scale + shift) a channel.
#include "activation.cuh"
#include "columns.cuh"

namespace dna::cuda {

namespace {

template <typename Kind, Fused activation>
struct ScaleShiftMapper {
  static constexpr int WIDTH = Kind::WIDTH;
  using T = typename Kind::Type;
  struct Row {
    float x[WIDTH];
  };
  const T* x;
  T* y;
  const float* scales;
  const float* shifts;
  float scale[WIDTH], shift[WIDTH];

  __device__ void begin(int64_t, int64_t channel) {
    loadVector<WIDTH>(scales, channel, 1.0f, scale);
    loadVector<WIDTH>(shifts, channel, 0.0f, shift);
  }
  __device__ Row read(int64_t offset) const {
    Row row;
    load<WIDTH>(x + offset, row.x);
    return row;
  }
  __device__ void write(int64_t offset, const Row& row) const {
    float values[WIDTH];
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) {
      values[each] = activated<activation>(row.x[each] * scale[each] + shift[each]);
    }
    save<WIDTH>(y + offset, values);
  }
};

}  // namespace

void launchScaleShift(const RowShape& shape, const void* x, const float* scale, const float* shift, Fused activation,
                      void* y, Stream stream) {
  requireAligned("scaleShift", x, y);
  withAccess(shape.storage, shape.channels, [&](auto access) {
    using Kind = decltype(access);
    using T = typename Kind::Type;
    withFused(activation, [&](auto fixed) {
      const ScaleShiftMapper<Kind, decltype(fixed)::value> mapper{
          static_cast<const T*>(x), static_cast<T*>(y), scale, shift, {}, {}};
      const Columns columns = dealColumns(1, shape.rows, shape.channels, Kind::WIDTH);
      launchMap(columns, mapper, stream, "scaleShift");
    });
  });
}

}  // namespace dna::cuda
