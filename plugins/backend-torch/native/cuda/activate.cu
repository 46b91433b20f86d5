// An activation on its own, and its gradient.
#include "activation.cuh"
#include "flat.cuh"

namespace dna::cuda {

namespace {

template <typename T, Fused activation>
struct ActivateMapper {
  const T* x;
  T* y;

  template <int WIDTH>
  __device__ void apply(int64_t offset) const {
    float values[WIDTH];
    load<WIDTH>(x + offset, values);
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) values[each] = activated<activation>(values[each]);
    save<WIDTH>(y + offset, values);
  }
};

template <typename T, Fused activation>
struct ActivateGradientMapper {
  const T* dy;
  const T* x;
  T* dx;

  template <int WIDTH>
  __device__ void apply(int64_t offset) const {
    float gradients[WIDTH], values[WIDTH];
    load<WIDTH>(dy + offset, gradients);
    load<WIDTH>(x + offset, values);
    DNA_UNROLL
    for (int each = 0; each < WIDTH; ++each) {
      values[each] = activationGradient<activation>(gradients[each], values[each]);
    }
    save<WIDTH>(dx + offset, values);
  }
};

}  // namespace

void launchActivate(int64_t count, Storage storage, const void* x, Fused activation, void* y, Stream stream) {
  requireAligned("activate", x, y);
  withFullAccess(storage, [&](auto access) {
    using Kind = decltype(access);
    using T = typename Kind::Type;
    withFused(activation, [&](auto fixed) {
      const ActivateMapper<T, decltype(fixed)::value> mapper{static_cast<const T*>(x), static_cast<T*>(y)};
      launchFlat<Kind::WIDTH>(count, mapper, stream, "activate");
    });
  });
}

void launchActivateGrad(int64_t count, Storage storage, const void* dy, const void* x, Fused activation, void* dx,
                        Stream stream) {
  requireAligned("activateGrad", dy, x, dx);
  withFullAccess(storage, [&](auto access) {
    using Kind = decltype(access);
    using T = typename Kind::Type;
    withFused(activation, [&](auto fixed) {
      const ActivateGradientMapper<T, decltype(fixed)::value> mapper{static_cast<const T*>(dy),
                                                                     static_cast<const T*>(x), static_cast<T*>(dx)};
      launchFlat<Kind::WIDTH>(count, mapper, stream, "activateGrad");
    });
  });
}

}  // namespace dna::cuda
