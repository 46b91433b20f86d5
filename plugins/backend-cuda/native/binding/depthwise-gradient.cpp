// The gradient of a depthwise convolution's filter: sums over positions, a vector of channels at once.
#include <algorithm>
#include <vector>

#include "lanes.h"
#include "op.h"
#include "parallel.h"

namespace dna {

namespace {

struct Geometry {
  int64_t batch, height, width, channels, outHeight, outWidth;
  int64_t strideDown, strideAcross, top, left;

  int64_t blocks() const { return (channels + LANES - 1) / LANES; }
  int64_t lanes(int64_t block) const { return std::min(LANES, channels - block * LANES); }
};

// A row of the input as a tap's row sees it; one outside of the image is a zero that is read again and again.
struct Row {
  const float* data;
  int64_t step;
};

const float ZEROS[LANES] = {};

// Some rows of taps of one block of channels, over one row of the output: their sums stay in registers.
template <int kernel, int rows, bool whole>
void addRow(const Geometry& shape, const Row* inputs, const float* dy, int64_t count, float* sums) {
  const int64_t lanes = whole ? LANES : count;
  Lanes held[rows * kernel];
  for (int tap = 0; tap < rows * kernel; ++tap) held[tap] = load(sums + tap * LANES);
  for (int64_t column = 0; column < shape.outWidth; ++column) {
    const Lanes gradient = loadPart(dy + column * shape.channels, lanes);
    const int64_t first = column * shape.strideAcross - shape.left;
    if (first >= 0 && first + kernel <= shape.width) {
      for (int row = 0; row < rows; ++row) {
        const float* from = inputs[row].data + first * inputs[row].step;
        for (int tap = 0; tap < kernel; ++tap) held[row * kernel + tap] += loadPart(from + tap * inputs[row].step, lanes) * gradient;
      }
      continue;
    }
    for (int row = 0; row < rows; ++row) {
      for (int tap = 0; tap < kernel; ++tap) {
        const int64_t at = first + tap;
        if (at < 0 || at >= shape.width) continue;
        held[row * kernel + tap] += loadPart(inputs[row].data + at * inputs[row].step, lanes) * gradient;
      }
    }
  }
  for (int tap = 0; tap < rows * kernel; ++tap) store(sums + tap * LANES, held[tap]);
}

// Taps that fit into registers together.
template <int kernel>
constexpr int rowsTogether() {
  return std::max(1, std::min(kernel, 28 / kernel));
}

template <int kernel, bool whole>
void addLine(const Geometry& shape, const float* x, const float* dy, int64_t block, int64_t line, float* sums) {
  constexpr int together = rowsTogether<kernel>(), rest = kernel % together;
  const int64_t lanes = shape.lanes(block);
  Row rows[kernel];
  for (int tap = 0; tap < kernel; ++tap) {
    const int64_t at = line * shape.strideDown - shape.top + tap;
    const bool inside = at >= 0 && at < shape.height;
    rows[tap] = inside ? Row{x + at * shape.width * shape.channels + block * LANES, shape.channels} : Row{ZEROS, 0};
  }
  const float* gradient = dy + line * shape.outWidth * shape.channels + block * LANES;
  int first = 0;
  for (; first + together <= kernel; first += together) {
    addRow<kernel, together, whole>(shape, rows + first, gradient, lanes, sums + first * kernel * LANES);
  }
  if constexpr (rest > 0) {
    addRow<kernel, rest, whole>(shape, rows + first, gradient, lanes, sums + first * kernel * LANES);
  }
}

// Rows of all channels lie together in memory and in the cache: blocks of channels are the inner loop.
template <int kernel>
void addImage(const Geometry& shape, const float* x, const float* dy, float* sums) {
  for (int64_t line = 0; line < shape.outHeight; ++line) {
    for (int64_t block = 0; block < shape.blocks(); ++block) {
      float* const to = sums + block * kernel * kernel * LANES;
      if (shape.lanes(block) == LANES) addLine<kernel, true>(shape, x, dy, block, line, to);
      else addLine<kernel, false>(shape, x, dy, block, line, to);
    }
  }
}

// Images are summed one by one and then added in their order: the same bits on any number of threads.
template <int kernel>
void sumTaps(const Geometry& shape, const float* x, const float* dy, float* gradient) {
  constexpr int taps = kernel * kernel;
  const int64_t blocks = shape.blocks();
  std::vector<float> sums(static_cast<size_t>(shape.batch * blocks * taps * LANES));
  parallel(shape.batch, [&](int64_t image) {
    addImage<kernel>(shape, x + image * shape.height * shape.width * shape.channels,
                     dy + image * shape.outHeight * shape.outWidth * shape.channels, &sums[image * blocks * taps * LANES]);
  });
  for (int64_t block = 0; block < blocks; ++block) {
    for (int tap = 0; tap < taps; ++tap) {
      Lanes total{};
      for (int64_t image = 0; image < shape.batch; ++image) total += load(&sums[((image * blocks + block) * taps + tap) * LANES]);
      storePart(gradient + tap * shape.channels + block * LANES, total, shape.lanes(block));
    }
  }
}

void filterGradient(Call& call) {
  const Tensor x = call.input(0), dy = call.input(1);
  const int64_t kernel = call.attributes.sizes[0];
  const Geometry shape{x.shape[0], x.shape[1], x.shape[2], x.shape[3], dy.shape[1], dy.shape[2],
                       call.attributes.strides[0], call.attributes.strides[1],
                       call.attributes.padding[0], call.attributes.padding[2]};
  const Tensor result = call.output(0, {kernel, kernel, shape.channels, 1});
  if (kernel == 3) sumTaps<3>(shape, x.data, dy.data, result.data);
  if (kernel == 5) sumTaps<5>(shape, x.data, dy.data, result.data);
  if (kernel == 7) sumTaps<7>(shape, x.data, dy.data, result.data);
}

const bool FILTER_GRADIENT =
    registered<&filterGradient>("DnaDepthwiseConv2dGradFilter", {"x", "dy"}, {"dfilter"},
                                {"sizes: list(int)", "strides: list(int)", "padding: list(int)"});

}  // namespace

}  // namespace dna
