// Both gradients of a depthwise convolution from one read of dy, NHWC.
//
// Over input pixels q, dx[q] = Σ dy[q − tap] · w[tap] and dw[tap] = Σ x[q] · dy[q − tap] see the same window of dy, and
// x only at its centre. A block holds both tiles in shared memory. A thread first makes strips of dx; then, as a team
// that has one row of the filter to itself, it adds to that row's gradient in registers, over all tiles of the block.
// Each block writes its part [taps, channels]; a second kernel adds the parts in order.
#include "columns.cuh"
#include "depthwise.cuh"

namespace dna::cuda {

namespace {

// Windows of dy over a strip of inputs. `PHASE` is where a strip's first pixel falls between two outputs.
template <int KERNEL_, int STRIDE_, int STRIP_, int PHASE_>
struct Window {
  static constexpr int KERNEL = KERNEL_, STRIDE = STRIDE_, STRIP = STRIP_, PHASE = PHASE_;
  // Outputs before and after the one that the first pixel falls on.
  static constexpr int BEFORE = (KERNEL - 1 - PHASE) / STRIDE;
  static constexpr int AFTER = (PHASE + STRIP - 1) / STRIDE;
  static constexpr int WIDTH = BEFORE + AFTER + 1;
  static_assert(STRIP % STRIDE == 0, "every strip begins in the same phase");

  // The tap that joins the strip's pixel with the window's output, if it is one.
  __device__ static constexpr int tapOf(int pixel, int at) { return PHASE + pixel - STRIDE * (at - BEFORE); }
  __device__ static constexpr bool isTap(int tap) { return tap >= 0 && tap < KERNEL; }
};

struct Gradients {
  int padTop, padLeft;
  // Null where it is not wanted.
  const float* filter;
  float* partials;
};

__device__ inline int floorHalf(int value, int stride) { return stride == 1 ? value : value >> 1; }

template <typename W, typename T>
__device__ inline void inputStrip(Pair (&sums)[W::STRIP], const T* window, const float* filterRow, int pixelChannels) {
  Pair taps[W::KERNEL];
  DNA_UNROLL
  for (int tap = 0; tap < W::KERNEL; ++tap) taps[tap] = loadPair(filterRow + tap * pixelChannels);
  DNA_UNROLL
  for (int at = 0; at < W::WIDTH; ++at) {
    const Pair value = loadPair(window + at * pixelChannels);
    DNA_UNROLL
    for (int pixel = 0; pixel < W::STRIP; ++pixel) {
      const int tap = W::tapOf(pixel, at);
      if (W::isTap(tap)) addProduct(sums[pixel], value, taps[tap]);
    }
  }
}

template <typename W, typename T>
__device__ inline void filterStrip(Pair (&sums)[W::KERNEL], const T* window, const T* x, int pixelChannels) {
  Pair inputs[W::STRIP];
  DNA_UNROLL
  for (int pixel = 0; pixel < W::STRIP; ++pixel) inputs[pixel] = loadPair(x + pixel * pixelChannels);
  DNA_UNROLL
  for (int at = 0; at < W::WIDTH; ++at) {
    const Pair value = loadPair(window + at * pixelChannels);
    DNA_UNROLL
    for (int pixel = 0; pixel < W::STRIP; ++pixel) {
      const int tap = W::tapOf(pixel, at);
      if (W::isTap(tap)) addProduct(sums[tap], inputs[pixel], value);
    }
  }
}

// What a block has in shared memory: the filter, later its gradient; the tile of dy with halo; the tile of x.
template <typename T>
struct Tiles {
  float* filter;
  T* dy;
  T* x;

  __device__ Tiles(const Tiling& tiling, int pixelChannels, int filterFloats) {
    filter = sharedMemory<float>();
    dy = reinterpret_cast<T*>(filter + filterFloats);
    x = dy + tiling.haloRows * tiling.haloColumns * pixelChannels;
  }
};

// A strip of the tile, and where the filter's row `tapRow` finds its window of dy.
template <typename W>
struct Strip {
  int row, column;
  // Of the padded input.
  int line;

  __device__ Strip(const Tiling& tiling, const Tile& tile, int padTop, int index) {
    const int perRow = tiling.columns / W::STRIP;
    row = index / perRow;
    column = index % perRow * W::STRIP;
    line = tile.row + row + padTop;
  }
  template <typename T>
  __device__ bool outside(const Tile& tile, const Images<T>& x) const {
    return tile.row + row >= x.height || tile.column + column >= x.width;
  }
  __device__ bool meets(int tapRow) const { return W::STRIDE == 1 || ((line - tapRow) & 1) == 0; }
  __device__ int window(const Tiling& tiling, int firstRow, int tapRow) const {
    const int row = floorHalf(line - tapRow, W::STRIDE) - firstRow;
    return row * tiling.haloColumns + column / W::STRIDE;
  }
};

template <typename W, typename T>
__device__ inline void makeInputGradient(const Tiling& tiling, const Tile& tile, const Tiles<T>& tiles, int firstRow,
                                         const Gradients& gradients, const Images<T>& x, const Seat& seat, T* dx) {
  for (int index = seat.team; index < tiling.strips; index += tiling.teams) {
    const Strip<W> strip(tiling, tile, gradients.padTop, index);
    if (strip.outside(tile, x)) continue;
    Pair sums[W::STRIP] = {};
    DNA_UNROLL_BY(1)
    for (int tapRow = 0; tapRow < W::KERNEL; ++tapRow) {
      if (!strip.meets(tapRow)) continue;
      const T* window = tiles.dy + strip.window(tiling, firstRow, tapRow) * seat.pixelChannels + seat.pair;
      const float* filterRow = tiles.filter + tapRow * W::KERNEL * seat.pixelChannels + seat.pair;
      inputStrip<W>(sums, window, filterRow, seat.pixelChannels);
    }
    const int64_t line = (tile.image * x.height + tile.row + strip.row) * x.width + tile.column + strip.column;
    DNA_UNROLL
    for (int at = 0; at < W::STRIP; ++at) {
      if (tile.column + strip.column + at >= x.width) break;
      writePair(dx + (line + at) * x.channels, seat.firstChannel + seat.pair, x.channels, x.wide, sums[at]);
    }
  }
}

template <typename W, typename T>
__device__ inline void addFilterGradient(Pair (&sums)[W::KERNEL], const Tiling& tiling, const Tile& tile,
                                         const Tiles<T>& tiles, int firstRow, const Gradients& gradients,
                                         const Images<T>& images, const Seat& seat) {
  const int tapRow = seat.team % W::KERNEL;
  for (int index = seat.team / W::KERNEL; index < tiling.strips; index += tiling.teams / W::KERNEL) {
    const Strip<W> strip(tiling, tile, gradients.padTop, index);
    if (strip.outside(tile, images) || !strip.meets(tapRow)) continue;
    const T* window = tiles.dy + strip.window(tiling, firstRow, tapRow) * seat.pixelChannels + seat.pair;
    const T* x = tiles.x + (strip.row * tiling.columns + strip.column) * seat.pixelChannels + seat.pair;
    filterStrip<W>(sums, window, x, seat.pixelChannels);
  }
}

// Adds what the teams of a filter row have, team by team, and writes the block's partials [taps, channels].
template <typename W>
__device__ inline void writeFilterPartials(const Pair (&sums)[W::KERNEL], const Tiling& tiling, const Seat& seat,
                                           float* shared, int channels, float* partials) {
  constexpr int TAPS = W::KERNEL * W::KERNEL;
  const int share = seat.team / W::KERNEL, shares = tiling.teams / W::KERNEL;
  __syncthreads();
  DNA_UNROLL
  for (int tap = 0; tap < W::KERNEL; ++tap) {
    const int at = share * TAPS + seat.team % W::KERNEL * W::KERNEL + tap;
    savePair(shared + at * seat.pixelChannels + seat.pair, sums[tap]);
  }
  __syncthreads();
  float* own = partials + static_cast<int64_t>(blockIdx.y) * TAPS * channels;
  for (int at = static_cast<int>(threadIdx.x); at < TAPS * seat.pixelChannels; at += static_cast<int>(blockDim.x)) {
    const int tap = at / seat.pixelChannels, channel = seat.firstChannel + at % seat.pixelChannels;
    if (channel >= channels) continue;
    float total = 0.0f;
    for (int each = 0; each < shares; ++each) total += shared[each * TAPS * seat.pixelChannels + at];
    own[tap * channels + channel] = total;
  }
}

// `x` has the extents of the input, and no data where only dx is wanted.
template <typename W, typename T>
__global__ void __launch_bounds__(384)
    convolveGradient(Tiling tiling, Images<T> dy, Images<T> x, Gradients gradients, T* dx) {
  const Seat seat(tiling);
  constexpr int TAPS = W::KERNEL * W::KERNEL;
  const int shares = tiling.teams / W::KERNEL;
  const Tiles<T> tiles(tiling, seat.pixelChannels, shares * TAPS * seat.pixelChannels);
  Pair sums[W::KERNEL] = {};
  if (dx) fillFilter(tiles.filter, gradients.filter, TAPS, x.channels, seat.pixelChannels, seat.firstChannel);
  for (int64_t index = blockIdx.y; index < tiling.tiles; index += gridDim.y) {
    const Tile tile(tiling, index);
    const int firstRow = floorHalf(tile.row + gradients.padTop - (W::KERNEL - 1), W::STRIDE);
    const int firstColumn = (tile.column + gradients.padLeft - W::PHASE) / W::STRIDE - W::BEFORE;
    const Region window{tile.image, firstRow, firstColumn, tiling.haloRows, tiling.haloColumns};
    fillTile(tiles.dy, dy, window, seat.pixelChannels, seat.firstChannel);
    const Region centre{tile.image, tile.row, tile.column, tiling.rows, tiling.columns};
    if (gradients.partials) fillTile(tiles.x, x, centre, seat.pixelChannels, seat.firstChannel);
    waitForCopies();
    __syncthreads();
    if (dx) makeInputGradient<W>(tiling, tile, tiles, firstRow, gradients, x, seat, dx);
    if (gradients.partials) addFilterGradient<W>(sums, tiling, tile, tiles, firstRow, gradients, x, seat);
    __syncthreads();
  }
  if (gradients.partials) writeFilterPartials<W>(sums, tiling, seat, tiles.filter, x.channels, gradients.partials);
}

struct FilterFinish {
  static constexpr int SUMS = 1;
  float* dfilter;

  __device__ void operator()(int64_t, int64_t at, const float (&sums)[SUMS]) const { dfilter[at] = sums[0]; }
};

// Sums the partials as if they were slabs of rows.
Columns partialsOf(const DepthwiseShape& shape, const Tiling& tiling) {
  return {1, tiling.walkers, shape.kernel * shape.kernel * shape.channels, 1, 1, tiling.walkers, 1};
}

template <typename W, typename T>
void launchGradient(const Tiling& tiling, const Images<T>& dy, const Images<T>& x, const Gradients& gradients, T* dx,
                    Stream stream) {
  const auto shared = static_cast<size_t>(tiling.sharedBytes);
  const auto kernel = &convolveGradient<W, T>;
  allowShared(kernel, shared, "depthwiseConv2dGrad");
  const dim3 grid(static_cast<unsigned>(tiling.channelGroups), static_cast<unsigned>(tiling.walkers));
  DNA_LAUNCH(kernel, grid, dim3(static_cast<unsigned>(tiling.threads())), shared, stream)
  (tiling, dy, x, gradients, dx);
  checkLaunch("depthwiseConv2dGrad");
}

template <int KERNEL, typename T, typename... Arguments>
void launchOfWindow(const DepthwiseShape& shape, const Tiling& tiling, Arguments&&... arguments) {
  if (shape.stride == 1) {
    if (tiling.strip == 14) return launchGradient<Window<KERNEL, 1, 14, 0>, T>(tiling, arguments...);
    return launchGradient<Window<KERNEL, 1, 7, 0>, T>(tiling, arguments...);
  }
  if (shape.padLeft % 2 == 0) return launchGradient<Window<KERNEL, 2, 14, 0>, T>(tiling, arguments...);
  launchGradient<Window<KERNEL, 2, 14, 1>, T>(tiling, arguments...);
}

template <typename T>
Images<T> imagesOf(const void* data, int64_t height, int64_t width, int64_t channels, bool wide) {
  return {static_cast<const T*>(data), static_cast<int>(height), static_cast<int>(width), static_cast<int>(channels),
          wide};
}

}  // namespace

int64_t depthwiseGradScratch(const DepthwiseShape& shape) {
  return int64_t{planGradient(shape, sharedLimit()).walkers} * shape.kernel * shape.kernel * shape.channels;
}

void launchDepthwiseConv2dGrad(const DepthwiseShape& shape, const void* dy, const void* x, const float* filter,
                               void* dx, float* dfilter, float* scratch, Stream stream) {
  if (shape.channels == 0) return;
  requireAligned("depthwiseConv2dGrad", dy, x, dx);
  const bool wide = isWide(shape.storage, shape.channels);
  const Tiling tiling = planGradient(shape, sharedLimit());
  const Gradients gradients{shape.padTop, shape.padLeft, filter, dfilter ? scratch : nullptr};
  withFullAccess(shape.storage, [&](auto access) {
    using T = typename decltype(access)::Type;
    const Images<T> outputs = imagesOf<T>(dy, shape.outHeight, shape.outWidth, shape.channels, wide);
    const Images<T> inputs = imagesOf<T>(x, shape.height, shape.width, shape.channels, wide);
    T* to = static_cast<T*>(dx);
    if (shape.kernel == 3) launchOfWindow<3, T>(shape, tiling, outputs, inputs, gradients, to, stream);
    if (shape.kernel == 5) launchOfWindow<5, T>(shape, tiling, outputs, inputs, gradients, to, stream);
    if (shape.kernel == 7) launchOfWindow<7, T>(shape, tiling, outputs, inputs, gradients, to, stream);
  });
  if (dfilter) finishSums(partialsOf(shape, tiling), FilterFinish{dfilter}, scratch, stream, "depthwiseConv2dGrad");
}

}  // namespace dna::cuda
