// A depthwise convolution with bias and activation, and the gradient of its input: a vector of channels at once.
#include <algorithm>

#include "activation.h"
#include "op.h"
#include "parallel.h"

namespace dna {

namespace {

// One tap as it is seen from a row of results: a row of the source and its column for the first result.
struct Tap {
  const float* row;
  int64_t column;
  Lanes factor;
};

// A row of results of one block of channels, every one the sum of its taps.
struct ResultRow {
  const Tap* taps;
  int64_t tapCount;
  // Source: columns, floats between them, columns that a result's neighbour is on.
  int64_t sourceWidth, channels, advance;
  // Results, and floats between them.
  int64_t columns, step;
  float* to;
};

constexpr int TOGETHER = 8;

template <Activation activation, bool whole, int count>
void computeInside(const ResultRow& row, int64_t column, Lanes bias, int64_t lanes) {
  Lanes sums[count];
  for (int at = 0; at < count; ++at) sums[at] = bias;
  for (int64_t tap = 0; tap < row.tapCount; ++tap) {
    const Tap& one = row.taps[tap];
    const float* from = one.row + (one.column + column * row.advance) * row.channels;
    for (int at = 0; at < count; ++at) {
      sums[at] += loadPart(from + at * row.advance * row.channels, whole ? LANES : lanes) * one.factor;
    }
  }
  for (int at = 0; at < count; ++at) {
    storePart(row.to + (column + at) * row.step, activated<activation>(sums[at]), whole ? LANES : lanes);
  }
}

template <Activation activation>
void computeEdge(const ResultRow& row, int64_t column, Lanes bias, int64_t lanes) {
  Lanes sum = bias;
  for (int64_t tap = 0; tap < row.tapCount; ++tap) {
    const Tap& one = row.taps[tap];
    const int64_t at = one.column + column * row.advance;
    if (at >= 0 && at < row.sourceWidth) sum += loadPart(one.row + at * row.channels, lanes) * one.factor;
  }
  storePart(row.to + column * row.step, activated<activation>(sum), lanes);
}

template <Activation activation, bool whole>
void computeRow(const ResultRow& row, Lanes bias, int64_t lanes) {
  int64_t least = 0, most = 0;
  for (int64_t tap = 0; tap < row.tapCount; ++tap) {
    least = std::min(least, row.taps[tap].column);
    most = std::max(most, row.taps[tap].column);
  }
  // Results whose taps all lie inside: from `first` to before `end`.
  const int64_t first = std::min(row.columns, (-least + row.advance - 1) / row.advance);
  const int64_t room = row.sourceWidth - 1 - most;
  const int64_t end = room < 0 ? first : std::max(first, std::min(row.columns, room / row.advance + 1));
  int64_t column = 0;
  for (; column < first; ++column) computeEdge<activation>(row, column, bias, lanes);
  for (; column + TOGETHER <= end; column += TOGETHER) computeInside<activation, whole, TOGETHER>(row, column, bias, lanes);
  for (; column < end; ++column) computeInside<activation, whole, 1>(row, column, bias, lanes);
  for (; column < row.columns; ++column) computeEdge<activation>(row, column, bias, lanes);
}

template <Activation activation>
void computeBlock(const ResultRow& row, Lanes bias, int64_t lanes) {
  if (lanes == LANES) computeRow<activation, true>(row, bias, lanes);
  else computeRow<activation, false>(row, bias, lanes);
}

constexpr int64_t MOST_TAPS = 49;

struct Geometry {
  int64_t batch, height, width, channels, outHeight, outWidth, kernel, stride, top, left;

  int64_t blocks() const { return (channels + LANES - 1) / LANES; }
  int64_t lanes(int64_t block) const { return std::min(LANES, channels - block * LANES); }
  Lanes factor(const float* filter, int64_t block, int64_t down, int64_t across) const {
    return loadPart(filter + (down * kernel + across) * channels + block * LANES, lanes(block));
  }
};

// Rows of all channels lie together in memory and in the cache: blocks of channels are the inner loop.
template <Activation activation>
void filterLine(const Geometry& shape, const float* x, const float* filter, const float* bias, int64_t line, float* y) {
  for (int64_t block = 0; block < shape.blocks(); ++block) {
    const int64_t offset = block * LANES, lanes = shape.lanes(block);
    Tap taps[MOST_TAPS];
    int64_t count = 0;
    for (int64_t down = 0; down < shape.kernel; ++down) {
      const int64_t at = line * shape.stride - shape.top + down;
      if (at < 0 || at >= shape.height) continue;
      const float* row = x + at * shape.width * shape.channels + offset;
      for (int64_t across = 0; across < shape.kernel; ++across) {
        taps[count++] = {row, across - shape.left, shape.factor(filter, block, down, across)};
      }
    }
    const ResultRow row{taps, count, shape.width, shape.channels, shape.stride, shape.outWidth, shape.channels,
                        y + line * shape.outWidth * shape.channels + offset};
    computeBlock<activation>(row, loadPart(bias + offset, lanes), lanes);
  }
}

// Each phase of a row, the columns that lie alike between two of dy, is a convolution of dy with some of the taps.
void spreadPhase(const Geometry& shape, const float* dy, const float* filter, int64_t block, int64_t line, int64_t phase,
                 float* dx) {
  Tap taps[MOST_TAPS];
  int64_t count = 0;
  for (int64_t down = (line + shape.top) % shape.stride; down < shape.kernel; down += shape.stride) {
    const int64_t at = (line + shape.top - down) / shape.stride;
    if (line + shape.top < down || at >= shape.outHeight) continue;
    const float* row = dy + at * shape.outWidth * shape.channels + block * LANES;
    for (int64_t across = (phase + shape.left) % shape.stride; across < shape.kernel; across += shape.stride) {
      // Below 0 for taps that lie before the first column.
      taps[count++] = {row, (phase + shape.left - across) / shape.stride, shape.factor(filter, block, down, across)};
    }
  }
  const int64_t columns = (shape.width - phase + shape.stride - 1) / shape.stride;
  const ResultRow row{taps, count, shape.outWidth, shape.channels, 1, columns, shape.stride * shape.channels,
                      dx + (line * shape.width + phase) * shape.channels + block * LANES};
  computeBlock<Activation::None>(row, Lanes{}, shape.lanes(block));
}

void spreadLine(const Geometry& shape, const float* dy, const float* filter, int64_t line, float* dx) {
  for (int64_t block = 0; block < shape.blocks(); ++block) {
    for (int64_t phase = 0; phase < std::min(shape.stride, shape.width); ++phase) {
      spreadPhase(shape, dy, filter, block, line, phase, dx);
    }
  }
}

// Calls work(image, line) for every line of every image, bands of lines on all threads.
template <typename Work>
void forEachLine(int64_t images, int64_t lines, Work&& work) {
  constexpr int64_t BAND = 8;
  const int64_t bands = (lines + BAND - 1) / BAND;
  parallel(images * bands, [&](int64_t index) {
    const int64_t first = index % bands * BAND;
    for (int64_t line = first; line < std::min(lines, first + BAND); ++line) work(index / bands, line);
  });
}

Geometry geometry(const Call& call, const Shape& input, const Shape& output, int64_t kernel) {
  const Attributes& given = call.attributes;
  return {input[0], input[1], input[2], input[3], output[1], output[2], kernel, given.strides[0], given.padding[0],
          given.padding[2]};
}

void forward(Call& call) {
  const Tensor x = call.input(0), filter = call.input(1), bias = call.input(2);
  const Attributes& given = call.attributes;
  const Shape shape{x.shape[0], given.sizes[0], given.sizes[1], x.shape[3]};
  const Tensor y = call.output(0, shape);
  const Geometry all = geometry(call, x.shape, shape, filter.shape[0]);
  withActivation(given.activation, [&](auto activation) {
    forEachLine(all.batch, all.outHeight, [&](int64_t image, int64_t line) {
      filterLine<activation>(all, x.data + image * all.height * all.width * all.channels, filter.data, bias.data, line,
                             y.data + image * all.outHeight * all.outWidth * all.channels);
    });
  });
}

void inputGradient(Call& call) {
  const Tensor dy = call.input(0), filter = call.input(1);
  const Attributes& given = call.attributes;
  const Shape shape{dy.shape[0], given.sizes[0], given.sizes[1], dy.shape[3]};
  const Tensor dx = call.output(0, shape);
  const Geometry all = geometry(call, shape, dy.shape, filter.shape[0]);
  forEachLine(all.batch, all.height, [&](int64_t image, int64_t line) {
    spreadLine(all, dy.data + image * all.outHeight * all.outWidth * all.channels, filter.data, line,
               dx.data + image * all.height * all.width * all.channels);
  });
}

const bool FORWARD = registered<&forward>(
    "DnaDepthwiseConv2d", {"x", "filter", "bias"}, {"y"},
    {"activation: int", "sizes: list(int)", "strides: list(int)", "padding: list(int)"});
const bool GRADIENT = registered<&inputGradient>("DnaDepthwiseConv2dGradInput", {"dy", "filter"}, {"dx"},
                                                 {"sizes: list(int)", "strides: list(int)", "padding: list(int)"});

}  // namespace

}  // namespace dna
