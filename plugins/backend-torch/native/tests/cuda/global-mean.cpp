#include "../../cuda/global-mean.cu"

#include "image-case.h"

namespace dna::tests {

namespace {

void expectMean(const ImageCase& each) {
  DeviceArray x = each.random(1), dmean = DeviceArray::random(each.vectors(), 2);
  const auto found = inEveryOrder([&] {
    std::vector<DeviceArray> results;
    results.emplace_back(each.vectors());
    results.emplace_back(each.count(), each.storage);
    DeviceArray scratch(cuda::imageSumScratch(each.shape()));
    cuda::launchGlobalMean(each.shape(), x.data(), results[0].floats(), scratch.floats(), nullptr);
    cuda::launchGlobalMeanGrad(each.shape(), dmean.floats(), results[1].data(), nullptr);
    return results;
  });
  std::vector<double> mean(each.vectors()), dx(each.count());
  for (int64_t at = 0; at < each.count(); ++at) {
    mean[each.vectorOf(at)] += x[at] / each.positions;
    dx[at] = dmean[each.vectorOf(at)] / each.positions;
  }
  expectClose(found[0], mean, 1e-6, each.name() + " mean");
  expectClose(found[1], dx, 1e-6, each.name() + " dx");
}

}  // namespace

DNA_TEST(globalMean) { onManyShapes(expectMean); }

DNA_TEST(globalMeanRefusesWhatIsNotAligned) {
  const ImageCase each{2, 30, 16, Storage::Bfloat16};
  DeviceArray off = each.random(1, /*misaligned=*/true), mean(each.vectors());
  DeviceArray scratch(cuda::imageSumScratch(each.shape()));
  expectRefused("globalMean",
                [&] { cuda::launchGlobalMean(each.shape(), off.data(), mean.floats(), scratch.floats(), nullptr); });
  expectRefused("globalMeanGrad",
                [&] { cuda::launchGlobalMeanGrad(each.shape(), mean.floats(), off.data(), nullptr); });
}

}  // namespace dna::tests
