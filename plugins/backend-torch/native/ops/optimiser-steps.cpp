// Optimiser steps on many tensors at once. Inputs are never written: every step makes new parameters and slots.
#include <cmath>

#include "../bind.h"
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
    const int64_t size = input(parameter, 0).numel();
    for (int64_t at = 0; at < size; at += LANES) {
      const int64_t lanes = std::min(LANES, size - at);
      std::array<Lanes, inputCount> values;
      for (size_t index = 0; index < inputCount; ++index) values[index] = partial(from[index] + at, lanes);
      const std::array<Lanes, inputCount - 1> results = update(parameter, values);
      for (size_t index = 0; index + 1 < inputCount; ++index) {
        std::memcpy(to[index] + at, &results[index], static_cast<size_t>(lanes) * sizeof(float));
      }
    }
  }

  static Lanes partial(const float* from, int64_t lanes) {
    Lanes values = splat(0.0f);
    std::memcpy(&values, from, static_cast<size_t>(lanes) * sizeof(float));
    return values;
  }

  size_t width_;
  Tensors inputs_;
};

Lanes squareRoot(Lanes x) {
  for (int64_t lane = 0; lane < LANES; ++lane) x[lane] = std::sqrt(x[lane]);
  return x;
}

// Slots: m, v. `rates[i]` is learningRate / (1 − beta1^step), `corrections[i]` is 1 / (1 − beta2^step).
Tensors adamStep(const Tensors& inputs, const Numbers& decays, const Numbers& rates, const Numbers& corrections,
                 double beta1, double beta2, double epsilon) {
  Step step("AdamStep", inputs, 2);
  if (!step.onCpu()) {
    for (size_t at = 0; at < step.count(); ++at) {
      const at::Tensor gradient = step.input(at, 1) + step.input(at, 0) * decays[at];
      step.output(at, 1) = step.input(at, 2) * beta1 + gradient * (1 - beta1);
      step.output(at, 2) = step.input(at, 3) * beta2 + gradient * gradient * (1 - beta2);
      const at::Tensor root = (step.output(at, 2) * corrections[at]).sqrt() + epsilon;
      step.output(at, 0) = step.input(at, 0) - step.output(at, 1) * rates[at] / root;
    }
    return step.outputs;
  }
  const float b1 = beta1, b2 = beta2, rest1 = 1 - beta1, rest2 = 1 - beta2, small = epsilon;
  step.forEachVector<4>([&](size_t at, const std::array<Lanes, 4>& in) -> std::array<Lanes, 3> {
    const Lanes gradient = in[1] + in[0] * static_cast<float>(decays[at]);
    const Lanes m = in[2] * b1 + gradient * rest1;
    const Lanes v = in[3] * b2 + gradient * gradient * rest2;
    const Lanes root = squareRoot(v * static_cast<float>(corrections[at])) + small;
    return {in[0] - m * static_cast<float>(rates[at]) / root, m, v};
  });
  return step.outputs;
}

// Slot: momentum buffer; Nesterov's form as PyTorch writes it.
Tensors sgdStep(const Tensors& inputs, const Numbers& decays, double rate, double momentum, bool nesterov) {
  Step step("SgdStep", inputs, 1);
  if (!step.onCpu()) {
    for (size_t at = 0; at < step.count(); ++at) {
      const at::Tensor gradient = step.input(at, 1) + step.input(at, 0) * decays[at];
      step.output(at, 1) = step.input(at, 2) * momentum + gradient;
      const at::Tensor direction = nesterov ? gradient + step.output(at, 1) * momentum : step.output(at, 1);
      step.output(at, 0) = step.input(at, 0) - direction * rate;
    }
    return step.outputs;
  }
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
  if (!step.onCpu()) {
    for (size_t at = 0; at < step.count(); ++at) {
      const at::Tensor gradient = step.input(at, 1) + step.input(at, 0) * decays[at];
      step.output(at, 1) = step.input(at, 2) * decay + gradient * gradient * (1 - decay);
      const at::Tensor root = (step.output(at, 1) + epsilon).sqrt();
      step.output(at, 2) = step.input(at, 3) * momentum + gradient * rate / root;
      step.output(at, 0) = step.input(at, 0) - step.output(at, 2);
    }
    return step.outputs;
  }
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
