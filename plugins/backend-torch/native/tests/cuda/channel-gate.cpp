#include "../../cuda/channel-gate.cu"

#include "image-case.h"

namespace dna::tests {

namespace {

void expectGate(const ImageCase& each) {
  DeviceArray x = each.random(1), dy = each.random(2);
  DeviceArray gate = DeviceArray::random(each.vectors(), 3), shift = DeviceArray::random(each.vectors(), 4);
  const auto found = inEveryOrder([&] {
    std::vector<DeviceArray> results;
    for (int tensor = 0; tensor < 3; ++tensor) results.emplace_back(each.count(), each.storage);
    for (int tensor = 0; tensor < 2; ++tensor) results.emplace_back(each.vectors());
    const cuda::ImageShape shape = each.shape();
    DeviceArray scratch(cuda::imageSumScratch(shape));
    cuda::launchChannelGate(shape, x.data(), gate.floats(), nullptr, results[0].data(), nullptr);
    cuda::launchChannelGate(shape, x.data(), gate.floats(), shift.floats(), results[1].data(), nullptr);
    cuda::launchChannelGateGrad(shape, dy.data(), x.data(), gate.floats(), results[2].data(), results[3].floats(),
                                scratch.floats(), nullptr);
    cuda::launchChannelDot(shape, dy.data(), x.data(), results[4].floats(), scratch.floats(), nullptr);
    return results;
  });
  std::vector<double> y(each.count()), shifted(each.count()), dx(each.count()), dgate(each.vectors());
  for (int64_t at = 0; at < each.count(); ++at) {
    const int64_t vector = each.vectorOf(at);
    y[at] = x[at] * gate[vector];
    shifted[at] = y[at] + shift[vector];
    dx[at] = dy[at] * gate[vector];
    dgate[vector] += x[at] * dy[at];
  }
  expectClose(found[0], y, 1e-7, each.name() + " y");
  expectClose(found[1], shifted, 2e-7, each.name() + " y with shift");
  expectClose(found[2], dx, 1e-7, each.name() + " dx");
  expectClose(found[3], dgate, 2e-6, each.name() + " dgate");
  expectClose(found[4], dgate, 2e-6, each.name() + " dot");
}

}  // namespace

DNA_TEST(channelGate) { onManyShapes(expectGate); }

DNA_TEST(channelGateRefusesWhatIsNotAligned) {
  const ImageCase each{2, 30, 16, Storage::Float32};
  const cuda::ImageShape shape = each.shape();
  DeviceArray whole = each.random(1), off = each.random(2, /*misaligned=*/true), gate(each.vectors());
  DeviceArray dgate(each.vectors()), scratch(cuda::imageSumScratch(shape));
  expectRefused("channelGate",
                [&] { cuda::launchChannelGate(shape, off.data(), gate.floats(), nullptr, whole.data(), nullptr); });
  expectRefused("channelGateGrad", [&] {
    cuda::launchChannelGateGrad(shape, whole.data(), off.data(), gate.floats(), whole.data(), dgate.floats(),
                                scratch.floats(), nullptr);
  });
  expectRefused("channelDot", [&] {
    cuda::launchChannelDot(shape, whole.data(), off.data(), dgate.floats(), scratch.floats(), nullptr);
  });
}

}  // namespace dna::tests
