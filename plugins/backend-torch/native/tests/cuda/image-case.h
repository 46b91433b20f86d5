// [images, positions, channels] tensors of many shapes, for the kernels of squeeze-and-excitation.
#pragma once

#include "device-array.h"

namespace dna::tests {

struct ImageCase {
  int64_t images, positions, channels;
  Storage storage;

  cuda::ImageShape shape() const { return {images, positions, channels, storage}; }
  int64_t count() const { return images * positions * channels; }
  int64_t vectors() const { return images * channels; }
  int64_t vectorOf(int64_t at) const { return at / (positions * channels) * channels + at % channels; }
  std::string name() const { return textOf(images, "x", positions, "x", channels, " ", nameOf(storage)); }
  DeviceArray random(uint32_t seed, bool misaligned = false) const {
    return DeviceArray::random(count(), seed, storage, misaligned, 0.3);
  }
};

template <typename Check>
void onManyShapes(Check&& check) {
  for (const Storage storage : STORAGES) {
    for (const int64_t channels : {1, 6, 8, 40, 264, 300}) {
      for (const int64_t positions : {1, 49, 400}) check(ImageCase{3, positions, channels, storage});
    }
    check(ImageCase{1, 12544, 8, storage});
    check(ImageCase{0, 49, 8, storage});
  }
}

}  // namespace dna::tests
