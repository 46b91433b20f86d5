#include "depthwise-filter-gradient.h"

#include "depthwise-filter-sums.h"
#include "image-parts.h"
#include "storage.h"

namespace dna {

namespace {

constexpr int64_t MOST_PARTS = 32;

// Copies one pixel's channels to their places in the planes; lanes beyond the last channel are 0.
template <typename Storage>
inline void packPixel(const Storage* from, const BlockGroup& group, int64_t plane, float* to) {
  int64_t channel = 0;
  for (; channel + LANES <= group.channels; channel += LANES, to += plane) store(to, load(from + channel));
  if (channel == group.channels) return;
  for (int64_t lane = 0; lane < LANES; ++lane) {
    to[lane] = channel + lane < group.channels ? valueOf(from[channel + lane]) : 0.0f;
  }
}

// Packs a rectangle of an image [height, width, channels] (`image` points at the group's first channel of pixel (0, 0)).
template <typename Storage>
void packPlanes(const Storage* image, const DepthwiseShape& shape, const BlockGroup& group, const Rectangle& at, float* to) {
  packRectangle(shape, group.count, at, Border::Written, to, [&](const PixelRun& run) {
    for (int64_t column = 0; column < run.count; ++column) {
      packPixel(image + (run.pixel + column) * shape.channels, group, at.floats(), run.to + column * LANES);
    }
  });
}

// One group of blocks over some images: sums[block][tap][lane].
template <int kernel, typename Storage>
void sumGroup(const Storage* x, const Storage* dy, const DepthwiseShape& shape, const BlockGroup& group, int64_t images,
              float* scratch, float* sums) {
  const DepthwiseShape output = shape.output();
  const int64_t band = shape.bandHeight(), taps = kernel * kernel;
  for (int64_t image = 0; image < images; ++image) {
    for (int64_t row = 0; row < shape.outHeight; row += band) {
      const int64_t outputs = std::min(band, shape.outHeight - row);
      const Rectangle read{row * shape.stride - shape.top, -shape.left, shape.packedHeight(outputs), shape.packedWidth()};
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
void sumParts(const Storage* x, const Storage* dy, const DepthwiseShape& shape, const ImageParts& parts, float* partials) {
  const int64_t taps = kernel * kernel, band = shape.bandHeight();
  const int64_t floats = (shape.packedHeight(band) * shape.packedWidth() + band * shape.outWidth) * LANES * BlockGroup::MOST;
  at::parallel_for(0, parts.count * shape.groups(), 1, [&](int64_t begin, int64_t end) {
    // Aligned as vectors are: one that crosses a line of the cache takes twice as long.
    const at::Tensor memory = at::empty({floats}, at::kFloat);
    float* scratch = memory.mutable_data_ptr<float>();
    for (int64_t work = begin; work < end; ++work) {
      const int64_t part = work / shape.groups(), image = parts.first(part);
      const BlockGroup group(shape, work % shape.groups());
      sumGroup<kernel>(x + image * shape.imageFloats(), dy + image * shape.output().imageFloats(), shape, group,
                       std::min(parts.images, shape.batch - image), scratch,
                       partials + (part * shape.blocks() + group.first) * taps * LANES);
    }
  });
}

// partials [part][block][tap][lane] → [tap][channel]
void addParts(const float* partials, const DepthwiseShape& shape, int64_t parts, float* gradient) {
  const int64_t taps = shape.kernel * shape.kernel;
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

bool hasDepthwiseFilterGradient(const at::Tensor& x, const DepthwiseShape& shape) {
  return x.is_cpu() && x.numel() > 0 && (shape.kernel == 3 || shape.kernel == 5 || shape.kernel == 7);
}

at::Tensor depthwiseFilterGradient(const at::Tensor& x, const at::Tensor& dy, const DepthwiseShape& shape) {
  const ImageParts parts(shape.batch, MOST_PARTS);
  const int64_t taps = shape.kernel * shape.kernel;
  const at::Tensor partials = at::zeros({parts.count, shape.blocks(), taps, LANES}, at::kFloat);
  float* sums = partials.mutable_data_ptr<float>();
  withStorage(x, [&](auto type) {
    using Storage = decltype(type);
    const Storage* input = stored<Storage>(x);
    const Storage* gradient = stored<Storage>(dy);
    if (shape.kernel == 3) sumParts<3>(input, gradient, shape, parts, sums);
    else if (shape.kernel == 5) sumParts<5>(input, gradient, shape, parts, sums);
    else sumParts<7>(input, gradient, shape, parts, sums);
  });
  at::Tensor result = at::zeros({shape.kernel, shape.kernel, shape.channels, 1}, at::kFloat);
  addParts(sums, shape, parts.count, result.mutable_data_ptr<float>());
  return result;
}

}  // namespace dna
