#include "../../cuda/depthwise-conv2d-grad.cu"

#include "depthwise-case.h"

namespace dna::tests {

namespace {

struct Inputs {
  DeviceArray x, dy, filter;
  explicit Inputs(const DepthwiseCase& each, bool misaligned = false)
      : x(DeviceArray::random(each.inputs(), 1, each.storage, misaligned)),
        dy(DeviceArray::random(each.outputs(), 2, each.storage)),
        filter(DeviceArray::random(each.weights(), 3)) {}
};

enum class Wanted { Both, Input, Filter };

std::vector<DeviceArray> launch(const DepthwiseCase& each, Inputs& inputs, Wanted wanted) {
  std::vector<DeviceArray> results;
  results.emplace_back(each.inputs(), each.storage);
  results.emplace_back(each.weights());
  DeviceArray scratch(cuda::depthwiseGradScratch(each.shape()));
  const bool input = wanted != Wanted::Filter, filter = wanted != Wanted::Input;
  cuda::launchDepthwiseConv2dGrad(each.shape(), inputs.dy.data(), filter ? inputs.x.data() : nullptr,
                                  input ? inputs.filter.floats() : nullptr, input ? results[0].data() : nullptr,
                                  filter ? results[1].floats() : nullptr, filter ? scratch.floats() : nullptr, nullptr);
  return results;
}

void expectGradient(const DepthwiseCase& each) {
  Inputs inputs(each);
  const auto found = inEveryOrder([&] { return launch(each, inputs, Wanted::Both); });
  std::vector<double> dx(each.inputs()), dfilter(each.weights());
  forEachProduct(each, [&](int64_t out, int64_t in, int64_t weight) {
    dx[in] += inputs.dy[out] * inputs.filter[weight];
    dfilter[weight] += inputs.dy[out] * inputs.x[in];
  });
  expectClose(found[0], dx, 1e-6, each.name() + " dx");
  expectClose(found[1], dfilter, 2e-6, each.name() + " dfilter");
}

}  // namespace

DNA_TEST(depthwiseConv2dGrad) { onDepthwiseShapes(expectGradient); }

DNA_TEST(depthwiseConv2dGradOnEveryGpu) { onLargeTiles(expectGradient); }

DNA_TEST(depthwiseConv2dGradOfOneOnly) {
  for (const int stride : {1, 2}) {
    const DepthwiseCase each{2, 9, 15, 16, 5, stride, {2, 2, 2, 2}};
    Inputs inputs(each);
    const auto both = launch(each, inputs, Wanted::Both);
    expect(both[0].sameBits(launch(each, inputs, Wanted::Input)[0]), "dx alone");
    expect(both[1].sameBits(launch(each, inputs, Wanted::Filter)[1]), "dfilter alone");
  }
}

DNA_TEST(depthwiseConv2dGradRefusesWhatIsNotAligned) {
  const DepthwiseCase each{2, 9, 15, 16, 5, 1, {2, 2, 2, 2}};
  Inputs inputs(each, /*misaligned=*/true);
  expectRefused("depthwiseConv2dGrad", [&] { launch(each, inputs, Wanted::Both); });
}

}  // namespace dna::tests
