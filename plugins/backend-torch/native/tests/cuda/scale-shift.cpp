#include "../../cuda/scale-shift.cu"

#include "activations.h"
#include "device-array.h"

namespace dna::tests {

namespace {

struct Case {
  int64_t rows, channels;
  Storage storage;
  Fused kind = Fused::Swish;
  bool scaled = true, shifted = true;
};

void expectScaleShift(const Case& each) {
  DeviceArray x = DeviceArray::random(each.rows * each.channels, 1, each.storage, false, 0, 3);
  DeviceArray scale = DeviceArray::random(each.channels, 2), shift = DeviceArray::random(each.channels, 3);
  const auto found = inEveryOrder([&] {
    std::vector<DeviceArray> results;
    results.emplace_back(x.count(), each.storage);
    cuda::launchScaleShift({each.rows, each.channels, each.storage}, x.data(), each.scaled ? scale.floats() : nullptr,
                           each.shifted ? shift.floats() : nullptr, each.kind, results[0].data(), nullptr);
    return results;
  });
  std::vector<double> wanted;
  for (int64_t at = 0; at < x.count(); ++at) {
    const int64_t channel = at % each.channels;
    const double scaled = x[at] * (each.scaled ? scale[channel] : 1.0) + (each.shifted ? shift[channel] : 0.0);
    wanted.push_back(activation(each.kind, scaled));
  }
  expectClose(found[0], wanted, 1e-6, textOf(each.rows, "x", each.channels, " ", nameOf(each.storage)));
}

}  // namespace

DNA_TEST(scaleShift) {
  for (const Storage storage : STORAGES) {
    for (const int64_t channels : {1, 5, 8, 24, 40, 257, 1000}) {
      for (const int64_t rows : {1, 2, 9, 100}) expectScaleShift({rows, channels, storage});
    }
    for (const Fused kind : ACTIVATIONS) expectScaleShift({17, 16, storage, kind});
    expectScaleShift({17, 16, storage, Fused::Relu, /*scaled=*/false});
    expectScaleShift({17, 16, storage, Fused::Relu, true, /*shifted=*/false});
    expectScaleShift({0, 16, storage});
  }
  expectScaleShift({70000, 3, Storage::Bfloat16});
}

DNA_TEST(scaleShiftRefusesWhatIsNotAligned) {
  DeviceArray off(17 * 16, Storage::Float32, /*misaligned=*/true), y(17 * 16);
  expectRefused("scaleShift", [&] {
    cuda::launchScaleShift({17, 16, Storage::Float32}, off.data(), nullptr, nullptr, Fused::None, y.data(), nullptr);
  });
}

}  // namespace dna::tests
