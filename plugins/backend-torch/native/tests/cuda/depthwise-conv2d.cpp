#include "../../cuda/depthwise-conv2d.cu"

#include <array>

#include "activations.h"
#include "depthwise-case.h"

namespace dna::tests {

namespace {

void expectForward(const DepthwiseCase& each, Fused kind = Fused::None, bool biased = false) {
  DeviceArray x = DeviceArray::random(each.inputs(), 1, each.storage);
  DeviceArray filter = DeviceArray::random(each.weights(), 2), bias = DeviceArray::random(each.channels, 3);
  const auto found = inEveryOrder([&] {
    std::vector<DeviceArray> results;
    results.emplace_back(each.outputs(), each.storage);
    expect(cuda::hasDepthwise(each.shape()), each.name(), " is not taken");
    cuda::launchDepthwiseConv2d(each.shape(), x.data(), filter.floats(), biased ? bias.floats() : nullptr, kind,
                                results[0].data(), nullptr);
    return results;
  });
  std::vector<double> y(each.outputs());
  forEachProduct(each, [&](int64_t out, int64_t in, int64_t weight) { y[out] += x[in] * filter[weight]; });
  for (int64_t at = 0; at < each.outputs(); ++at) {
    y[at] = activation(kind, y[at] + (biased ? bias[at % each.channels] : 0.0));
  }
  expectClose(found[0], y, 1e-6, each.name());
}

}  // namespace

DNA_TEST(depthwiseConv2d) {
  onDepthwiseShapes([](const DepthwiseCase& each) { expectForward(each); });
}

DNA_TEST(depthwiseConv2dOnEveryGpu) {
  onLargeTiles([](const DepthwiseCase& each) { expectForward(each); });
}

DNA_TEST(depthwiseConv2dWithBiasAndActivation) {
  for (const Storage storage : STORAGES) {
    for (const Fused kind : ACTIVATIONS) {
      expectForward({1, 7, 9, 24, 5, 1, {2, 2, 2, 2}, storage}, kind, true);
      expectForward({1, 7, 9, 7, 3, 2, {1, 1, 1, 1}, storage}, kind, true);
    }
  }
}

DNA_TEST(depthwiseConv2dRefusesWhatIsNotAligned) {
  const DepthwiseCase each{1, 8, 8, 8, 3, 1, {1, 1, 1, 1}};
  DeviceArray off(each.inputs(), each.storage, /*misaligned=*/true), filter(each.weights()), y(each.outputs());
  expectRefused("depthwiseConv2d", [&] {
    cuda::launchDepthwiseConv2d(each.shape(), off.data(), filter.floats(), nullptr, Fused::None, y.data(), nullptr);
  });
}

DNA_TEST(depthwiseKernelsThatThereAreNot) {
  const DepthwiseCase each{1, 8, 8, 8, 3, 1, {1, 1, 1, 1}};
  for (const auto& [kernel, stride, pad] : {std::array{4, 1, 1}, std::array{3, 3, 1}, std::array{3, 1, 3}}) {
    cuda::DepthwiseShape shape = each.shape();
    shape.kernel = kernel;
    shape.stride = stride;
    shape.padLeft = pad;
    expect(!cuda::hasDepthwise(shape), "kernel ", kernel, " stride ", stride, " padding ", pad);
  }
}

DNA_TEST(depthwiseKernelsOfAGpuWithLittleSharedMemory) {
  const OnGpu here(40 * 1024);
  expect(cuda::hasDepthwise(DepthwiseCase{1, 8, 8, 64, 3, 1, {1, 1, 1, 1}}.shape()), "a small filter is refused");
  expect(!cuda::hasDepthwise(DepthwiseCase{1, 8, 8, 64, 7, 1, {3, 3, 3, 3}}.shape()), "a large filter is taken");
}

}  // namespace dna::tests
