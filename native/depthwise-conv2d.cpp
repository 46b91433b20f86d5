#include "depthwise-conv2d.h"

#include "aligned-floats.h"
#include "depthwise-pixels.h"
#include "depthwise-taps.h"
#include "parallel.h"

namespace dna::cpu {

namespace {

// Filters lie in rows of whole vectors, and so do the taps that are found in them.
DepthwiseShape withPaddedFilter(DepthwiseShape shape) {
  shape.channels = wholeVectors(shape.channels);
  return shape;
}

// Some results of a row, one every `step` floats: the sums of their taps and a bias.
struct Results {
  int64_t count, step, lanes;
  float* to;
  Lanes bias;
};

void sumResults(const float* plane, const TapGrid& taps, int64_t step, const float* filter, const Results& of) {
  sumRow(plane, taps, step, filter, of.count, [of](int64_t at, Lanes sum) __attribute__((always_inline)) {
    storePart(of.to + at * of.step, sum + of.bias, of.lanes);
  });
}

template <Activation activation>
void activateResults(const Results& of) {
  if constexpr (activation == Activation::None) return;
  for (int64_t at = 0; at < of.count; ++at) {
    float* const to = of.to + at * of.step;
    storePart(to, activated<activation>(loadPart(to, of.lanes)), of.lanes);
  }
}

// A block's channels: fewer than a vector holds in the last one.
struct Channels {
  int64_t first, count;

  Channels(const DepthwiseShape& shape, const BlockGroup& group, int64_t block)
      : first((group.first + block) * LANES), count(std::min(LANES, shape.channels - first)) {}
};

// Calls work(image, group) for every image and group of channels, on all threads.
template <typename Work>
void forEachGroup(const DepthwiseShape& shape, Work&& work) {
  parallel(shape.batch * shape.groups(),
           [&](int64_t index) { work(index / shape.groups(), BlockGroup(shape, index % shape.groups())); });
}

template <Activation activation>
void filterGroup(const DepthwiseShape& shape, const float* x, const BlockGroup& group, const float* taps,
                 const float* bias, float* y) {
  const DepthwiseShape padded = withPaddedFilter(shape);
  const int64_t band = shape.bandHeight(), pitch = shape.packedWidth() * LANES;
  auto planes = AlignedFloats::unset(shape.packedHeight(band) * pitch * group.count);
  for (int64_t row = 0; row < shape.outHeight; ++row) {
    const int64_t inBand = row % band, outputs = std::min(band, shape.outHeight - (row - inBand));
    const Rectangle read{(row - inBand) * shape.stride - shape.top, -shape.left, shape.packedHeight(outputs),
                         shape.packedWidth()};
    if (inBand == 0) packPlanes(x + group.first * LANES, shape, group, read, planes.data());
    const TapGrid grid = convolutionTaps(padded, pitch, row);
    for (int64_t block = 0; block < group.count; ++block) {
      const Channels of(shape, group, block);
      const float* plane = planes.data() + block * read.floats() + inBand * shape.stride * pitch;
      const Results results{shape.outWidth, shape.channels, of.count,
                            y + row * shape.outWidth * shape.channels + of.first, load(bias + of.first)};
      sumResults(plane, grid, shape.stride * LANES, taps + of.first, results);
      activateResults<activation>(results);
    }
  }
}

// Some rows of the input, and the gradients that they are reached by.
struct GradientBand {
  int64_t row, end;
  Rectangle read;

  GradientBand(const DepthwiseShape& shape, int64_t first)
      : row(first), end(std::min(shape.height, first + shape.bandHeight() * shape.stride)) {
    const Reach down(row, end, shape.top, shape), across(0, shape.width, shape.left, shape);
    read = {down.first, across.first, down.end - down.first, across.end - across.first};
  }
};

// Each phase of a row, the columns that lie alike between two of dy, is a convolution of dy with some of the taps.
void spreadBand(const DepthwiseShape& shape, const GradientBand& band, const BlockGroup& group, const float* planes,
                const float* taps, float* dx) {
  const DepthwiseShape padded = withPaddedFilter(shape);
  for (int64_t row = band.row; row < band.end; ++row) {
    for (int64_t column = 0; column < std::min(shape.stride, shape.width); ++column) {
      const TapGrid grid =
          gradientTaps(padded, row, column, band.read.row, band.read.column, band.read.columns * LANES);
      const int64_t count = (shape.width - column + shape.stride - 1) / shape.stride;
      for (int64_t block = 0; block < group.count; ++block) {
        const Channels of(shape, group, block);
        const Results results{count, shape.stride * shape.channels, of.count,
                              dx + (row * shape.width + column) * shape.channels + of.first, splat(0.0f)};
        sumResults(planes + block * band.read.floats(), grid, LANES, taps + of.first, results);
      }
    }
  }
}

void spreadGroup(const DepthwiseShape& shape, const float* dy, const BlockGroup& group, const float* taps, float* dx) {
  std::vector<GradientBand> bands;
  for (int64_t row = 0; row < shape.height; row = bands.back().end) bands.emplace_back(shape, row);
  int64_t most = 0;
  for (const GradientBand& band : bands) most = std::max(most, band.read.floats());
  auto planes = AlignedFloats::unset(most * group.count);
  for (const GradientBand& band : bands) {
    packPlanes(dy + group.first * LANES, shape.output(), group, band.read, planes.data());
    spreadBand(shape, band, group, planes.data(), taps, dx);
  }
}

}  // namespace

void depthwiseConv2d(const DepthwiseShape& shape, const float* x, const DepthwiseFilter& filter, float* y) {
  const PaddedMatrix taps = paddedRows(filter.taps, shape.kernel * shape.kernel, shape.channels);
  const AlignedFloats bias = filter.bias ? padded(filter.bias, shape.channels) : AlignedFloats(shape.channels);
  withActivation(filter.activation, [&](auto activation) {
    forEachGroup(shape, [&](int64_t image, const BlockGroup& group) {
      filterGroup<activation.value>(shape, x + image * shape.imageFloats(), group, taps.data(), bias.data(),
                                    y + image * shape.output().imageFloats());
    });
  });
}

void depthwiseConv2dGradInput(const DepthwiseShape& shape, const float* dy, const float* taps, float* dx) {
  const PaddedMatrix filter = paddedRows(taps, shape.kernel * shape.kernel, shape.channels);
  forEachGroup(shape, [&](int64_t image, const BlockGroup& group) {
    spreadGroup(shape, dy + image * shape.output().imageFloats(), group, filter.data(),
                dx + image * shape.imageFloats());
  });
}

}  // namespace dna::cpu
