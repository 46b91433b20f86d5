#include "../../cuda/channel-gate.cu"

#include "image-case.h"

namespace dna::tests {

namespace {

void expectGate(const ImageCase& each) {
  DeviceArray x = each.random(1), dy = each.random(2), gate = DeviceArray::random(each.vectors(), 3);
  const auto found = inEveryOrder([&] {
    std::vector<DeviceArray> results;
    for (int tensor = 0; tensor < 2; ++tensor) results.emplace_back(each.count(), each.storage, each.misaligned);
    results.emplace_back(each.vectors());
    DeviceArray scratch(cuda::imageSumScratch(each.shape()));
    cuda::launchChannelGate(each.shape(), x.data(), gate.floats(), results[0].data(), nullptr);
    cuda::launchChannelGateGrad(each.shape(), dy.data(), x.data(), gate.floats(), results[1].data(),
                                results[2].floats(), scratch.floats(), nullptr);
    return results;
  });
  std::vector<double> y(each.count()), dx(each.count()), dgate(each.vectors());
  for (int64_t at = 0; at < each.count(); ++at) {
    y[at] = x[at] * gate[each.vectorOf(at)];
    dx[at] = dy[at] * gate[each.vectorOf(at)];
    dgate[each.vectorOf(at)] += x[at] * dy[at];
  }
  expectClose(found[0], y, 1e-7, each.name() + " y");
  expectClose(found[1], dx, 1e-7, each.name() + " dx");
  expectClose(found[2], dgate, 2e-6, each.name() + " dgate");
}

}  // namespace

DNA_TEST(channelGate) { onManyShapes(expectGate); }

}  // namespace dna::tests
