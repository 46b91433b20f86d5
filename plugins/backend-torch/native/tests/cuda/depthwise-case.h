// Depthwise convolutions of many shapes, and what they give in float64.
#pragma once

#include <iterator>

#include "device-array.h"
#include "gpus.h"

namespace dna::tests {

struct DepthwiseCase {
  int64_t images, height, width, channels;
  int kernel, stride;
  // Top, left, bottom, right.
  int padding[4];
  Storage storage = Storage::Float32;

  int64_t outHeight() const { return (height + padding[0] + padding[2] - kernel) / stride + 1; }
  int64_t outWidth() const { return (width + padding[1] + padding[3] - kernel) / stride + 1; }
  int64_t inputs() const { return images * height * width * channels; }
  int64_t outputs() const { return images * outHeight() * outWidth() * channels; }
  int64_t weights() const { return kernel * kernel * channels; }
  cuda::DepthwiseShape shape() const {
    return {images, height, width, channels, outHeight(), outWidth(), kernel, stride, padding[0], padding[1], storage};
  }
  std::string name() const {
    return textOf(images, "x", height, "x", width, "x", channels, " k", kernel, " s", stride, " pad ", padding[0], ",",
                  padding[1], ",", padding[2], ",", padding[3], " ", nameOf(storage));
  }
};

// Calls `visit(output, input, weight)` with the offsets of every product.
template <typename Visit>
void forEachProduct(const DepthwiseCase& each, Visit&& visit) {
  for (int64_t out = 0; out < each.outputs(); ++out) {
    const int64_t channel = out % each.channels, pixel = out / each.channels;
    const int64_t column = pixel % each.outWidth(), row = pixel / each.outWidth() % each.outHeight();
    const int64_t image = pixel / each.outWidth() / each.outHeight();
    for (int tap = 0; tap < each.kernel * each.kernel; ++tap) {
      const int64_t y = row * each.stride + tap / each.kernel - each.padding[0];
      const int64_t x = column * each.stride + tap % each.kernel - each.padding[1];
      if (y < 0 || y >= each.height || x < 0 || x >= each.width) continue;
      const int64_t input = ((image * each.height + y) * each.width + x) * each.channels + channel;
      visit(out, input, tap * each.channels + channel);
    }
  }
}

template <typename Check>
void onDepthwiseShapes(Check&& check) {
  for (const Storage storage : STORAGES) {
    for (const int kernel : {3, 5, 7}) {
      const int half = kernel / 2;
      for (const int64_t width : {1, 5, 7, 8, 13, 14, 30}) {
        check(DepthwiseCase{2, 6, width, 16, kernel, 1, {half, half, half, half}, storage});
        check(DepthwiseCase{2, 5, width + 6, 10, kernel, 2, {half, half, half, half}, storage});
        check(DepthwiseCase{1, 8, width + 6, 8, kernel, 2, {half - 1, half - 1, half, half}, storage});
      }
      check(DepthwiseCase{3, 14, 14, 72, kernel, 1, {0, 0, 0, 0}, storage});
      check(DepthwiseCase{1, 9, 11, 5, kernel, 1, {kernel - 1, 0, 1, kernel - 1}, storage});
      check(DepthwiseCase{1, 17, 29, 3, kernel, 2, {0, 1, 2, 0}, storage});
      check(DepthwiseCase{1, 28, 28, 24, kernel, 2, {half - 1, half - 1, half, half}, storage});
    }
    check(DepthwiseCase{40, 7, 7, 48, 3, 1, {1, 1, 1, 1}, storage});
    check(DepthwiseCase{1, 56, 57, 8, 7, 1, {3, 3, 3, 3}, storage});
    check(DepthwiseCase{1, 3, 3, 200, 5, 1, {2, 2, 2, 2}, storage});
    // More tiles than blocks: each takes several.
    check(DepthwiseCase{1500, 2, 3, 8, 3, 1, {1, 1, 1, 1}, storage});
    check(DepthwiseCase{1200, 4, 3, 8, 5, 2, {2, 2, 2, 2}, storage});
  }
}

// Shapes whose tiles fill the shared memory, on the GPUs with the least and with the most: those between have the plans
// of the latter.
template <typename Check>
void onLargeTiles(Check&& check) {
  for (const Gpu* gpu : {std::begin(GPUS), std::end(GPUS) - 1}) {
    const OnGpu here(*gpu);
    check(DepthwiseCase{1, 28, 28, 48, 7, 1, {3, 3, 3, 3}, Storage::Bfloat16});
    check(DepthwiseCase{1, 28, 28, 24, 7, 2, {2, 2, 3, 3}, Storage::Float32});
  }
}

}  // namespace dna::tests
