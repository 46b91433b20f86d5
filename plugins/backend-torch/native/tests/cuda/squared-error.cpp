#include "../../cuda/squared-error.cu"

#include "device-array.h"

namespace dna::tests {

namespace {

void expectSquaredError(int64_t count, Storage storage) {
  DeviceArray y = DeviceArray::random(count, 1, storage, false, 1.0);
  DeviceArray target = DeviceArray::random(count, 2, storage);
  DeviceArray dloss = DeviceArray::of({0.7});
  const auto found = inEveryOrder([&] {
    std::vector<DeviceArray> results;
    results.emplace_back(1);
    results.emplace_back(count, storage);
    DeviceArray scratch(cuda::squaredErrorScratch(count));
    cuda::launchSquaredError(count, storage, y.data(), target.data(), results[0].floats(), scratch.floats(), nullptr);
    cuda::launchSquaredErrorGrad(count, storage, dloss.floats(), y.data(), target.data(), results[1].data(), nullptr);
    return results;
  });
  double loss = 0;
  std::vector<double> dy;
  for (int64_t at = 0; at < count; ++at) {
    const double distance = y[at] - target[at];
    loss += distance * distance / count;
    dy.push_back(2 * dloss[0] * distance / count);
  }
  const std::string name = textOf(count, " ", nameOf(storage));
  expectClose(found[0], {loss}, 1e-6, name + " loss");
  expectClose(found[1], dy, 1e-6, name + " dy");
}

}  // namespace

DNA_TEST(squaredError) {
  for (const Storage storage : STORAGES) {
    for (const int64_t count : {1, 2, 7, 8, 9, 1000, 2049, 700003}) expectSquaredError(count, storage);
  }
}

DNA_TEST(squaredErrorRefusesWhatIsNotAligned) {
  DeviceArray y = DeviceArray::random(50, 1), off = DeviceArray::random(50, 2, Storage::Float32, /*misaligned=*/true);
  DeviceArray loss(1), scratch(cuda::squaredErrorScratch(50));
  expectRefused("squaredError", [&] {
    cuda::launchSquaredError(50, Storage::Float32, y.data(), off.data(), loss.floats(), scratch.floats(), nullptr);
  });
  expectRefused("squaredErrorGrad", [&] {
    cuda::launchSquaredErrorGrad(50, Storage::Float32, loss.floats(), y.data(), y.data(), off.data(), nullptr);
  });
}

}  // namespace dna::tests
