#include <stdexcept>
#include <string>

#include "aligned-floats.h"
#include "depthwise-conv2d.h"
#include "depthwise-filter-sums.h"
#include "depthwise-pixels.h"
#include "image-parts.h"
#include "parallel.h"

namespace dna::cpu {

namespace {

constexpr int64_t MOST_PARTS = 32;

// One group of blocks over some images: sums[block][tap][lane].
template <int kernel, typename Storage>
void sumGroup(const Storage* x, const Storage* dy, const DepthwiseShape& shape, const BlockGroup& group, int64_t images,
              float* scratch, float* sums) {
  const DepthwiseShape output = shape.output();
  const int64_t band = shape.bandHeight(), taps = kernel * kernel;
  for (int64_t image = 0; image < images; ++image) {
    for (int64_t row = 0; row < shape.outHeight; row += band) {
      const int64_t outputs = std::min(band, shape.outHeight - row);
      const Rectangle read{row * shape.stride - shape.top, -shape.left, shape.packedHeight(outputs),
                           shape.packedWidth()};
      const Rectangle written{row, 0, outputs, shape.outWidth};
      float* gradients = scratch + group.count * read.floats();
      packPlanes(x + image * shape.imageFloats() + group.first * LANES, shape, group, read, scratch);
      packPlanes(dy + image * output.imageFloats() + group.first * LANES, output, group, written, gradients);
      for (int64_t block = 0; block < group.count; ++block) {
        accumulateBand<kernel>(scratch + block * read.floats(), gradients + block * written.floats(),
                               {outputs, shape.outWidth, shape.stride, read.columns * LANES, written.columns * LANES},
                               sums + block * taps * LANES);
      }
    }
  }
}

template <int kernel, typename Storage>
void sumParts(const Storage* x, const Storage* dy, const DepthwiseShape& shape, const ImageParts& parts,
              float* partials) {
  const int64_t taps = kernel * kernel, band = shape.bandHeight();
  const int64_t floats =
      (shape.packedHeight(band) * shape.packedWidth() + band * shape.outWidth) * LANES * BlockGroup::MOST;
  parallel(parts.count * shape.groups(), [&](int64_t work) {
    auto scratch = AlignedFloats::unset(floats);
    const int64_t part = work / shape.groups(), image = parts.first(part);
    const BlockGroup group(shape, work % shape.groups());
    sumGroup<kernel>(x + image * shape.imageFloats(), dy + image * shape.output().imageFloats(), shape, group,
                     std::min(parts.images, shape.batch - image), scratch.data(),
                     partials + (part * shape.blocks() + group.first) * taps * LANES);
  });
}

// partials [part][block][tap][lane] → [tap][channel]
void addParts(const float* partials, const DepthwiseShape& shape, int64_t parts, float* gradient) {
  const int64_t taps = shape.kernel * shape.kernel;
  std::fill_n(gradient, taps * shape.channels, 0.0f);
  for (int64_t part = 0; part < parts; ++part) {
    for (int64_t tap = 0; tap < taps; ++tap) {
      for (int64_t channel = 0; channel < shape.channels; ++channel) {
        const int64_t block = part * shape.blocks() + channel / LANES;
        gradient[tap * shape.channels + channel] += partials[(block * taps + tap) * LANES + channel % LANES];
      }
    }
  }
}

}  // namespace

template <typename Storage>
void depthwiseConv2dGradFilter(const DepthwiseShape& shape, const Storage* x, const Storage* dy, float* dfilter) {
  const ImageParts parts(shape.batch, MOST_PARTS);
  AlignedFloats partials(parts.count * shape.blocks() * shape.kernel * shape.kernel * LANES);
  if (shape.kernel == 3) sumParts<3>(x, dy, shape, parts, partials.data());
  else if (shape.kernel == 5) sumParts<5>(x, dy, shape, parts, partials.data());
  else if (shape.kernel == 7) sumParts<7>(x, dy, shape, parts, partials.data());
  else
    throw std::invalid_argument("there is no gradient of a depthwise filter of " + std::to_string(shape.kernel) +
                                " rows");
  addParts(partials.data(), shape, parts.count, dfilter);
}

template void depthwiseConv2dGradFilter(const DepthwiseShape&, const float*, const float*, float*);
template void depthwiseConv2dGradFilter(const DepthwiseShape&, const Bfloat16*, const Bfloat16*, float*);

}  // namespace dna::cpu
