// Depthwise convolution, NHWC, with bias and activation: the input's tile with halo in shared memory, the window of a
// strip of outputs in registers, so that a value is loaded once a filter row, not once a tap.
#include "activation.cuh"
#include "depthwise.cuh"

namespace dna::cuda {

namespace {

struct Epilogue {
  const float* bias;
  Fused activation;
};

struct Output {
  int height, width, padTop, padLeft;
};

template <Fused activation, int STRIP>
__device__ inline void activateAll(Pair (&values)[STRIP]) {
  DNA_UNROLL
  for (int at = 0; at < STRIP; ++at) {
    values[at] = {activated<activation>(values[at].low), activated<activation>(values[at].high)};
  }
}

template <int STRIP>
__device__ inline void finishStrip(Pair (&values)[STRIP], const Epilogue& epilogue, int channel, int channels) {
  if (epilogue.bias) {
    const float low = channel < channels ? epilogue.bias[channel] : 0.0f;
    const float high = channel + 1 < channels ? epilogue.bias[channel + 1] : 0.0f;
    DNA_UNROLL
    for (int at = 0; at < STRIP; ++at) values[at] = {values[at].low + low, values[at].high + high};
  }
  if (epilogue.activation == Fused::Relu) activateAll<Fused::Relu>(values);
  if (epilogue.activation == Fused::Relu6) activateAll<Fused::Relu6>(values);
  if (epilogue.activation == Fused::Swish) activateAll<Fused::Swish>(values);
  if (epilogue.activation == Fused::Sigmoid) activateAll<Fused::Sigmoid>(values);
}

// `window` is the strip's first pixel in the tile, `filter` the thread's pair of the first tap.
template <int KERNEL, int STRIDE, int STRIP, typename T>
__device__ inline void convolveStrip(Pair (&sums)[STRIP], const T* window, int rowPitch, const float* filter,
                                     int pixelChannels) {
  constexpr int WINDOW = (STRIP - 1) * STRIDE + KERNEL;
  DNA_UNROLL_BY(1)
  for (int row = 0; row < KERNEL; ++row) {
    Pair taps[KERNEL];
    DNA_UNROLL
    for (int tap = 0; tap < KERNEL; ++tap) taps[tap] = loadPair(filter + (row * KERNEL + tap) * pixelChannels);
    DNA_UNROLL
    for (int at = 0; at < WINDOW; ++at) {
      const Pair value = loadPair(window + row * rowPitch + at * pixelChannels);
      DNA_UNROLL
      for (int pixel = 0; pixel < STRIP; ++pixel) {
        const int tap = at - pixel * STRIDE;
        if (tap >= 0 && tap < KERNEL) addProduct(sums[pixel], value, taps[tap]);
      }
    }
  }
}

template <typename T, int KERNEL, int STRIDE, int STRIP>
__global__ void __launch_bounds__(256)
    convolve(Tiling tiling, Images<T> x, const float* filter, Epilogue epilogue, Output output, T* y) {
  const Seat seat(tiling);
  float* taps = sharedMemory<float>();
  T* tile = reinterpret_cast<T*>(taps + KERNEL * KERNEL * seat.pixelChannels);
  const int pitch = tiling.haloColumns * seat.pixelChannels;
  const int perRow = tiling.columns / STRIP;
  const int channel = seat.firstChannel + seat.pair;
  fillFilter(taps, filter, KERNEL * KERNEL, x.channels, seat.pixelChannels, seat.firstChannel);
  for (int64_t index = blockIdx.y; index < tiling.tiles; index += gridDim.y) {
    const Tile own(tiling, index);
    const Region region{own.image, own.row * STRIDE - output.padTop, own.column * STRIDE - output.padLeft,
                        tiling.haloRows, tiling.haloColumns};
    fillTile(tile, x, region, seat.pixelChannels, seat.firstChannel);
    waitForCopies();
    __syncthreads();
    for (int strip = seat.team; strip < tiling.strips; strip += tiling.teams) {
      const int row = strip / perRow, column = strip % perRow * STRIP;
      if (own.row + row >= output.height || own.column + column >= output.width) continue;
      Pair sums[STRIP] = {};
      const T* window = tile + row * STRIDE * pitch + column * STRIDE * seat.pixelChannels + seat.pair;
      convolveStrip<KERNEL, STRIDE, STRIP>(sums, window, pitch, taps + seat.pair, seat.pixelChannels);
      finishStrip(sums, epilogue, channel, x.channels);
      const int64_t line = (own.image * output.height + own.row + row) * output.width + own.column + column;
      DNA_UNROLL
      for (int at = 0; at < STRIP; ++at) {
        if (own.column + column + at >= output.width) break;
        writePair(y + (line + at) * x.channels, channel, x.channels, x.wide, sums[at]);
      }
    }
    __syncthreads();
  }
}

template <typename T, int KERNEL, int STRIDE, int STRIP>
void launchConvolve(const Tiling& tiling, const Images<T>& x, const float* filter, const Epilogue& epilogue,
                    const Output& output, T* y, Stream stream) {
  const auto shared = static_cast<size_t>(tiling.sharedBytes);
  const auto kernel = &convolve<T, KERNEL, STRIDE, STRIP>;
  allowShared(kernel, shared, "depthwiseConv2d");
  const dim3 grid(static_cast<unsigned>(tiling.channelGroups), static_cast<unsigned>(tiling.walkers));
  DNA_LAUNCH(kernel, grid, dim3(static_cast<unsigned>(tiling.threads())), shared, stream)
  (tiling, x, filter, epilogue, output, y);
  checkLaunch("depthwiseConv2d");
}

template <typename T, int KERNEL, typename... Arguments>
void launchOfStride(int stride, const Tiling& tiling, Arguments&&... arguments) {
  if (stride == 2) return launchConvolve<T, KERNEL, 2, 7>(tiling, arguments...);
  if (tiling.strip == 14) return launchConvolve<T, KERNEL, 1, 14>(tiling, arguments...);
  launchConvolve<T, KERNEL, 1, 7>(tiling, arguments...);
}

}  // namespace

bool hasDepthwise(const DepthwiseShape& shape) {
  const bool kernel = shape.kernel == 3 || shape.kernel == 5 || shape.kernel == 7;
  const auto fits = [&](int padding) { return padding >= 0 && padding < shape.kernel; };
  const bool window = kernel && fits(shape.padTop) && fits(shape.padLeft) && (shape.stride == 1 || shape.stride == 2);
  return window && fitsShared(shape, sharedLimit());
}

void launchDepthwiseConv2d(const DepthwiseShape& shape, const void* x, const float* filter, const float* bias,
                           Fused activation, void* y, Stream stream) {
  if (shape.images * shape.outHeight * shape.outWidth * shape.channels == 0) return;
  requireAligned("depthwiseConv2d", x, y);
  const bool wide = isWide(shape.storage, shape.channels);
  const Tiling tiling = planForward(shape, sharedLimit());
  const Output output{static_cast<int>(shape.outHeight), static_cast<int>(shape.outWidth), shape.padTop, shape.padLeft};
  withFullAccess(shape.storage, [&](auto access) {
    using T = typename decltype(access)::Type;
    const Images<T> images{static_cast<const T*>(x), static_cast<int>(shape.height), static_cast<int>(shape.width),
                           static_cast<int>(shape.channels), wide};
    const Epilogue epilogue{bias, activation};
    T* to = static_cast<T*>(y);
    if (shape.kernel == 3) launchOfStride<T, 3>(shape.stride, tiling, images, filter, epilogue, output, to, stream);
    if (shape.kernel == 5) launchOfStride<T, 5>(shape.stride, tiling, images, filter, epilogue, output, to, stream);
    if (shape.kernel == 7) launchOfStride<T, 7>(shape.stride, tiling, images, filter, epilogue, output, to, stream);
  });
}

}  // namespace dna::cuda
