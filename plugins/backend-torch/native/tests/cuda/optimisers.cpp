#include "../../cuda/adam-step.cu"
#include "../../cuda/blend.cu"
#include "../../cuda/rmsprop-step.cu"
#include "../../cuda/sgd-step.cu"
#include "device-array.h"

namespace dna::tests {

namespace {

using Arrays = std::vector<DeviceArray>;

// More tensors than one table holds; one empty, one of many chunks.
std::vector<int64_t> counts() {
  std::vector<int64_t> all{1, 7, 0, 4096, 4097, 20000};
  for (int64_t each = 0; each < 60; ++each) all.push_back(each * 13 + 1);
  return all;
}

double decayOf(size_t tensor) { return tensor % 3 == 0 ? 0.01 : 0.0; }
int stepOf(size_t tensor) { return 1 + static_cast<int>(tensor % 5); }

struct Inputs {
  Arrays parameters, gradients, first, second;
  Inputs() {
    uint32_t seed = 1;
    for (const int64_t count : counts()) {
      seed += 4;
      parameters.push_back(DeviceArray::random(count, seed));
      gradients.push_back(DeviceArray::random(count, seed + 1, seed % 3 == 0 ? Storage::Bfloat16 : Storage::Float32));
      first.push_back(DeviceArray::random(count, seed + 2));
      second.push_back(DeviceArray::random(count, seed + 3, Storage::Float32, false, 9.0));
    }
  }
};

constexpr double RATE = 0.02, BETA1 = 0.9, BETA2 = 0.999, EPSILON = 1e-3;

std::vector<cuda::OptimiserTensor> tableOf(Inputs& inputs, Arrays& outputs, int slots) {
  std::vector<cuda::OptimiserTensor> table;
  for (size_t at = 0; at < inputs.parameters.size(); ++at) {
    const int64_t count = inputs.parameters[at].count();
    for (int each = 0; each <= slots; ++each) outputs.emplace_back(count);
  }
  for (size_t at = 0; at < inputs.parameters.size(); ++at) {
    DeviceArray* own = &outputs[at * static_cast<size_t>(slots + 1)];
    const double step = stepOf(at);
    table.push_back({inputs.parameters[at].floats(),
                     inputs.gradients[at].data(),
                     {inputs.first[at].floats(), slots > 1 ? inputs.second[at].floats() : nullptr},
                     own[0].floats(),
                     {slots > 0 ? own[1].floats() : nullptr, slots > 1 ? own[2].floats() : nullptr},
                     own[0].count(),
                     inputs.gradients[at].storage(),
                     static_cast<float>(decayOf(at)),
                     static_cast<float>(RATE / (1 - std::pow(BETA1, step))),
                     static_cast<float>(1 / std::sqrt(1 - std::pow(BETA2, step)))});
  }
  return table;
}

// One element: parameter, decayed gradient, slots → parameter, slots.
struct Element {
  double parameter, gradient, slots[2];
};

// `launch` on the table, and `rule` in float64 on every element.
template <typename Launch, typename Rule>
void expectRule(const char* name, int slots, Launch&& launch, Rule&& rule) {
  Inputs inputs;
  const Arrays found = inEveryOrder([&] {
    Arrays outputs;
    const auto table = tableOf(inputs, outputs, slots);
    launch(table.data(), table.size());
    return outputs;
  });
  for (size_t tensor = 0; tensor < inputs.parameters.size(); ++tensor) {
    std::vector<double> wanted[3];
    for (int64_t at = 0; at < inputs.parameters[tensor].count(); ++at) {
      const double parameter = inputs.parameters[tensor][at];
      Element element{parameter,
                      inputs.gradients[tensor][at] + static_cast<float>(decayOf(tensor)) * parameter,
                      {inputs.first[tensor][at], inputs.second[tensor][at]}};
      rule(element, stepOf(tensor));
      wanted[0].push_back(element.parameter);
      wanted[1].push_back(element.slots[0]);
      wanted[2].push_back(element.slots[1]);
    }
    for (int each = 0; each <= slots; ++each) {
      const std::string what = textOf(name, " tensor ", tensor, " output ", each);
      expectClose(found[tensor * static_cast<size_t>(slots + 1) + static_cast<size_t>(each)], wanted[each], 1e-6, what);
    }
  }
}

float f(double value) { return static_cast<float>(value); }

}  // namespace

DNA_TEST(adamStep) {
  const auto launch = [](const cuda::OptimiserTensor* tensors, size_t count) {
    const cuda::AdamRule rule{f(BETA1), f(1 - BETA1), f(BETA2), f(1 - BETA2), f(EPSILON)};
    cuda::launchAdamStep(tensors, count, rule, nullptr);
  };
  expectRule("adam", 2, launch, [](Element& element, int step) {
    element.slots[0] = BETA1 * element.slots[0] + (1 - BETA1) * element.gradient;
    element.slots[1] = BETA2 * element.slots[1] + (1 - BETA2) * element.gradient * element.gradient;
    const double mean = element.slots[0] / (1 - std::pow(BETA1, step));
    const double variance = element.slots[1] / (1 - std::pow(BETA2, step));
    element.parameter -= RATE * mean / (std::sqrt(variance) + EPSILON);
  });
}

DNA_TEST(sgdStep) {
  for (const bool nesterov : {false, true}) {
    const auto launch = [&](const cuda::OptimiserTensor* tensors, size_t count) {
      cuda::launchSgdStep(tensors, count, {f(RATE), f(BETA1), nesterov}, nullptr);
    };
    expectRule("sgd", 1, launch, [&](Element& element, int) {
      element.slots[0] = BETA1 * element.slots[0] + element.gradient;
      element.parameter -= RATE * (nesterov ? element.gradient + BETA1 * element.slots[0] : element.slots[0]);
    });
  }
}

DNA_TEST(rmspropStep) {
  const auto launch = [](const cuda::OptimiserTensor* tensors, size_t count) {
    cuda::launchRmspropStep(tensors, count, {f(RATE), f(BETA1), f(1 - BETA1), f(BETA1), f(EPSILON)}, nullptr);
  };
  // The slots are drawn the other way round: the mean square is the second array, far from zero.
  expectRule(
      "rmsprop", 2,
      [&](const cuda::OptimiserTensor* tensors, size_t count) {
        std::vector<cuda::OptimiserTensor> turned(tensors, tensors + count);
        for (cuda::OptimiserTensor& tensor : turned) std::swap(tensor.slots[0], tensor.slots[1]);
        for (cuda::OptimiserTensor& tensor : turned) std::swap(tensor.newSlots[0], tensor.newSlots[1]);
        launch(turned.data(), count);
      },
      [](Element& element, int) {
        element.slots[1] = BETA1 * element.slots[1] + (1 - BETA1) * element.gradient * element.gradient;
        element.slots[0] = BETA1 * element.slots[0] + RATE * element.gradient / std::sqrt(element.slots[1] + EPSILON);
        element.parameter -= element.slots[0];
      });
}

DNA_TEST(blend) {
  // Both need more digits than a float32 has: an average over a million steps.
  const double keep = 1 - 1e-6, share = 1e-6 / 3;
  Inputs inputs;
  const Arrays found = inEveryOrder([&] {
    Arrays outputs;
    auto table = tableOf(inputs, outputs, 0);
    for (cuda::OptimiserTensor& tensor : table) {
      tensor.weightDecay = 0;
      tensor.rate = f(share);
      tensor.rootFactor = f(share - tensor.rate);
    }
    cuda::launchBlend(table.data(), table.size(), {keep}, nullptr);
    return outputs;
  });
  for (size_t tensor = 0; tensor < found.size(); ++tensor) {
    std::vector<double> wanted;
    for (int64_t at = 0; at < found[tensor].count(); ++at) {
      wanted.push_back(f(inputs.parameters[tensor][at] * keep + inputs.gradients[tensor][at] * share));
    }
    expectClose(found[tensor], wanted, 0, textOf("blend of tensor ", tensor));
  }
}

}  // namespace dna::tests
