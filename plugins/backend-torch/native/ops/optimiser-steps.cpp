// Optimiser steps on many tensors at once. Inputs are never written: every step makes new parameters and slots.
#include <cmath>

#include "../bind.h"
#include "../device-ops.h"
#include "../rows.h"
#include "../shapes.h"

namespace dna {

namespace {

using Tensors = std::vector<at::Tensor>;
using Numbers = std::vector<double>;

// Inputs by parameter: parameter, gradient, slots…; outputs: parameter, slots…
class Step {
 public:
  Step(const char* op, const Tensors& inputs, int64_t slots) : width_(slots + 2), inputs_(inputs) {
    if (inputs.size() % width_ != 0) {
      throw UsageError(std::string(op) + " was given " + std::to_string(inputs.size()) + " tensors");
    }
    for (size_t at = 0; at < inputs.size(); ++at) {
      requireShapes(inputs[at].sizes() == inputs[at / width_ * width_].sizes(), op, "parameter, gradient and slots of one shape",
                    {inputs[at / width_ * width_], inputs[at]});
      inputs_[at] = inputs[at].contiguous();
    }
    for (size_t parameter = 0; parameter < count(); ++parameter) {
      for (int64_t output = 0; output < slots + 1; ++output) outputs.push_back(at::empty_like(inputs_[parameter * width_]));
    }
  }

  size_t count() const { return inputs_.size() / width_; }
  const at::Tensor& input(size_t parameter, size_t index) const { return inputs_[parameter * width_ + index]; }
  at::Tensor& output(size_t parameter, size_t index) { return outputs[parameter * (width_ - 1) + index]; }
  bool onCpu() const { return inputs_.empty() || inputs_[0].is_cpu(); }

  // Calls update(parameter, inputs, outputs) for every vector of every parameter, tensors in parallel.
  template <size_t inputCount, typename Update>
  void forEachVector(Update&& update) {
    at::parallel_for(0, static_cast<int64_t>(count()), 1, [&](int64_t begin, int64_t end) {
      for (int64_t parameter = begin; parameter < end; ++parameter) run<inputCount>(parameter, update);
    });
  }

  Tensors outputs;

 private:
  template <size_t inputCount, typename Update>
  void run(size_t parameter, Update&& update) {
    std::array<const float*, inputCount> from;
    std::array<float*, inputCount - 1> to;
    for (size_t at = 0; at < inputCount; ++at) from[at] = input(parameter, at).template const_data_ptr<float>();
    for (size_t at = 0; at + 1 < inputCount; ++at) to[at] = output(parameter, at).template mutable_data_ptr<float>();
    const int64_t size = input(parameter, 0).numel(), whole = size / LANES * LANES;
    std::array<Lanes, inputCount> values;
    for (int64_t at = 0; at < whole; at += LANES) {
      for (size_t index = 0; index < inputCount; ++index) values[index] = load(from[index] + at);
      const auto results = update(parameter, values);
      for (size_t index = 0; index + 1 < inputCount; ++index) store(to[index] + at, results[index]);
    }
    if (whole == size) return;
    const auto rest = static_cast<size_t>(size - whole);
    for (size_t index = 0; index < inputCount; ++index) values[index] = partial(from[index] + whole, rest);
    const auto results = update(parameter, values);
    for (size_t index = 0; index + 1 < inputCount; ++index) {
      std::memcpy(to[index] + whole, &results[index], rest * sizeof(float));
    }
  }

  static Lanes partial(const float* from, size_t lanes) {
    Lanes values = splat(0.0f);
    std::memcpy(&values, from, lanes * sizeof(float));
    return values;
  }

  size_t width_;
  Tensors inputs_;
};

// Slots: m, v. Each parameter's bias correction goes by its own step, 1 for the first.
Tensors adamStep(const Tensors& inputs, const Numbers& decays, double rate, double beta1, double beta2, double epsilon,
                 const Numbers& steps) {
  Step step("AdamStep", inputs, 2);
  if (!step.onCpu()) return device::adamStep(inputs, {rate, decays}, {beta1, beta2, epsilon, steps});
  std::vector<float> rates, corrections;
  for (const double count : steps) {
    rates.push_back(static_cast<float>(rate / (1 - std::pow(beta1, count))));
    corrections.push_back(static_cast<float>(1 / (1 - std::pow(beta2, count))));
  }
  const float b1 = beta1, b2 = beta2, rest1 = 1 - beta1, rest2 = 1 - beta2, small = epsilon;
  step.forEachVector<4>([&](size_t at, const std::array<Lanes, 4>& in) -> std::array<Lanes, 3> {
    const Lanes gradient = in[1] + in[0] * static_cast<float>(decays[at]);
    const Lanes m = in[2] * b1 + gradient * rest1;
    const Lanes v = in[3] * b2 + gradient * gradient * rest2;
    const Lanes root = squareRoot(v * corrections[at]) + small;
    return {in[0] - m * rates[at] / root, m, v};
  });
  return step.outputs;
}

// Slot: momentum buffer; Nesterov's form as PyTorch writes it.
Tensors sgdStep(const Tensors& inputs, const Numbers& decays, double rate, double momentum, bool nesterov) {
  Step step("SgdStep", inputs, 1);
  if (!step.onCpu()) return device::sgdStep(inputs, {rate, decays}, momentum, nesterov);
  const float share = momentum, length = rate;
  step.forEachVector<3>([&](size_t at, const std::array<Lanes, 3>& in) -> std::array<Lanes, 2> {
    const Lanes gradient = in[1] + in[0] * static_cast<float>(decays[at]);
    const Lanes buffer = in[2] * share + gradient;
    const Lanes direction = nesterov ? gradient + buffer * share : buffer;
    return {in[0] - direction * length, buffer};
  });
  return step.outputs;
}

// Slots: mean square, momentum buffer; TensorFlow's form, epsilon inside the root.
Tensors rmspropStep(const Tensors& inputs, const Numbers& decays, double rate, double decay, double momentum,
                    double epsilon) {
  Step step("RmspropStep", inputs, 2);
  if (!step.onCpu()) return device::rmspropStep(inputs, {rate, decays}, decay, momentum, epsilon);
  const float keep = decay, rest = 1 - decay, share = momentum, small = epsilon, length = rate;
  step.forEachVector<4>([&](size_t at, const std::array<Lanes, 4>& in) -> std::array<Lanes, 3> {
    const Lanes gradient = in[1] + in[0] * static_cast<float>(decays[at]);
    const Lanes square = in[2] * keep + gradient * gradient * rest;
    const Lanes buffer = in[3] * share + gradient * length / squareRoot(square + small);
    return {in[0] - buffer, square, buffer};
  });
  return step.outputs;
}

}  // namespace

DNA_OP(adamStep)
DNA_OP(sgdStep)
DNA_OP(rmspropStep)

}  // namespace dna
