#include "../../cuda/activate.cu"

#include "activations.h"
#include "device-array.h"

namespace dna::tests {

namespace {

constexpr int64_t COUNTS[] = {0, 1, 3, 7, 8, 9, 2048, 2051, 600001};

struct Inputs {
  DeviceArray x, dy;
  Inputs(int64_t count, Storage storage, bool misaligned)
      : x(DeviceArray::random(count, 1, storage, misaligned, 0, 5)),
        dy(DeviceArray::random(count, 2, storage, misaligned)) {}
};

std::vector<DeviceArray> both(Inputs& inputs, Fused kind, bool misaligned) {
  const Storage storage = inputs.x.storage();
  const int64_t count = inputs.x.count();
  std::vector<DeviceArray> results;
  for (int each = 0; each < 2; ++each) results.emplace_back(count, storage, misaligned);
  cuda::launchActivate(count, storage, inputs.x.data(), kind, results[0].data(), nullptr);
  cuda::launchActivateGrad(count, storage, inputs.dy.data(), inputs.x.data(), kind, results[1].data(), nullptr);
  return results;
}

void expectActivate(int64_t count, Storage storage, Fused kind) {
  Inputs inputs(count, storage, /*misaligned=*/false);
  const auto found = inEveryOrder([&] { return both(inputs, kind, /*misaligned=*/false); });
  std::vector<double> y, dx;
  for (int64_t at = 0; at < count; ++at) {
    y.push_back(activation(kind, inputs.x[at]));
    dx.push_back(inputs.dy[at] * slope(kind, inputs.x[at]));
  }
  const std::string name = textOf(count, " ", nameOf(storage), " activation ", static_cast<int64_t>(kind));
  expectClose(found[0], y, 3e-7, name + " y");
  expectClose(found[1], dx, 1e-6, name + " dx");
}

}  // namespace

DNA_TEST(activate) {
  for (const Storage storage : STORAGES) {
    for (const int64_t count : COUNTS) expectActivate(count, storage, Fused::Swish);
    for (const Fused kind : ACTIVATIONS) expectActivate(100, storage, kind);
  }
}

DNA_TEST(activateRefusesWhatIsNotAligned) {
  for (const bool inputs : {false, true}) {
    Inputs given(33, Storage::Bfloat16, inputs);
    expectRefused("activate", [&] { both(given, Fused::Relu6, !inputs); });
  }
}

DNA_TEST(activateAtKinksAndEnds) {
  DeviceArray x = DeviceArray::of({0.0, 6.0, -0.0, 200.0, -200.0, 1e30, -1e30});
  DeviceArray dy = DeviceArray::of({1, 1, 1, 1, 1, 1, 1}), dx(7), y(7);
  for (const Fused kind : {Fused::Relu, Fused::Relu6}) {
    cuda::launchActivateGrad(7, Storage::Float32, dy.data(), x.data(), kind, dx.data(), nullptr);
    expect(dx[0] == 0 && dx[2] == 0, "the slope at 0 is 0");
    expect(dx[1] == (kind == Fused::Relu ? 1 : 0), "the slope at 6");
  }
  cuda::launchActivate(7, Storage::Float32, x.data(), Fused::Swish, y.data(), nullptr);
  expect(y[3] == 200 && y[4] == 0 && y[5] == 1e30f, "swish far from zero");
}

}  // namespace dna::tests
