// Optimiser steps on many tensors at once. Parameters and slots are written where they lie, if the caller wants it and
// nothing else sees them: then an op answers nothing. Otherwise it makes new ones.
#include "optimiser-steps.h"

#include <cmath>

#include "../bind.h"
#include "../cuda/kernels.h"
#include "../in-place.h"
#include "../shapes.h"
#include "../storage.h"

namespace dna {

namespace {

using Tensors = std::vector<at::Tensor>;
using Numbers = std::vector<double>;

// A step on the CPU. Inputs by parameter: parameter, gradient, slots…; outputs: parameter, slots…
class Step {
 public:
  Step(const char* op, Optimiser optimiser, const Tensors& inputs, bool inPlace)
      : optimiser_(optimiser), width_(static_cast<size_t>(slotsOf(optimiser)) + 2) {
    if (inputs.size() % width_ != 0) {
      throw UsageError(std::string(op) + " was given " + std::to_string(inputs.size()) + " tensors");
    }
    inPlace_ = inPlace && mayBeWritten(written(inputs));
    for (size_t at = 0; at < inputs.size(); ++at) {
      const at::Tensor& parameter = inputs[at / width_ * width_];
      requireShapes(inputs[at].sizes() == parameter.sizes(), op, "parameter, gradient and slots of one shape",
                    {parameter, inputs[at]});
      inputs_.push_back(inputs[at].contiguous());
    }
  }

  bool onCpu() const { return inputs_.empty() || inputs_[0].is_cpu(); }

  // `rateOf` and `correctionOf` tell those of a parameter by its number.
  template <typename Rate, typename Correction>
  Tensors run(const StepFactors& factors, const Numbers& decays, Rate&& rateOf, Correction&& correctionOf) {
    Tensors outputs;
    std::vector<StepParameter> parameters;
    for (size_t first = 0; first < inputs_.size(); first += width_) {
      const size_t number = parameters.size();
      StepParameter parameter{inputs_[first].numel(),
                              static_cast<float>(decays.at(number)),
                              static_cast<float>(rateOf(number)),
                              static_cast<float>(correctionOf(number)),
                              {},
                              {}};
      for (size_t at = 0; at < width_; ++at) parameter.inputs[at] = floats(inputs_[first + at]);
      for (size_t at = 0; at + 1 < width_; ++at) {
        at::Tensor result = inPlace_ ? inputs_[first + inputOf(at)] : at::empty_like(inputs_[first]);
        parameter.outputs[at] = mutableFloats(result);
        if (!inPlace_) outputs.push_back(std::move(result));
      }
      parameters.push_back(parameter);
    }
    stepParameters(optimiser_, factors, parameters);
    return outputs;
  }

 private:
  // The gradient stands between the parameter and its slots.
  static size_t inputOf(size_t output) { return output == 0 ? 0 : output + 1; }

  std::vector<const at::Tensor*> written(const Tensors& inputs) const {
    std::vector<const at::Tensor*> tensors;
    for (size_t first = 0; first < inputs.size(); first += width_) {
      for (size_t at = 0; at + 1 < width_; ++at) tensors.push_back(&inputs[first + inputOf(at)]);
    }
    return tensors;
  }

  Optimiser optimiser_;
  size_t width_;
  bool inPlace_;
  Tensors inputs_;
};

double uncorrected(size_t) { return 1; }

StepFactors factorsOf(const Numbers& numbers) {
  StepFactors factors{};
  std::copy(numbers.begin(), numbers.end(), factors.begin());
  return factors;
}

// Slots: m, v. Each parameter's bias correction goes by its own step, 1 for the first.
Tensors adamStep(const Tensors& inputs, const Numbers& decays, double rate, double beta1, double beta2, double epsilon,
                 const Numbers& steps, bool inPlace) {
  Step step("AdamStep", Optimiser::Adam, inputs, inPlace);
#ifdef DNA_CUDA_KERNELS
  if (!step.onCpu()) return cuda::adamStep(inputs, {rate, decays}, {beta1, beta2, epsilon, steps});
#endif
  return step.run(
      factorsOf({beta1, 1 - beta1, beta2, 1 - beta2, epsilon}), decays,
      [&](size_t at) { return rate / (1 - std::pow(beta1, steps.at(at))); },
      [&](size_t at) { return 1 / (1 - std::pow(beta2, steps.at(at))); });
}

// Slot: momentum buffer.
Tensors sgdStep(const Tensors& inputs, const Numbers& decays, double rate, double momentum, bool nesterov,
                bool inPlace) {
  Step step("SgdStep", Optimiser::Sgd, inputs, inPlace);
#ifdef DNA_CUDA_KERNELS
  if (!step.onCpu()) return cuda::sgdStep(inputs, {rate, decays}, {momentum, nesterov});
#endif
  return step.run(factorsOf({momentum, nesterov ? 1.0 : 0.0}), decays, [&](size_t) { return rate; }, uncorrected);
}

// Slots: mean square, momentum buffer.
Tensors rmspropStep(const Tensors& inputs, const Numbers& decays, double rate, double decay, double momentum,
                    double epsilon, bool inPlace) {
  Step step("RmspropStep", Optimiser::Rmsprop, inputs, inPlace);
#ifdef DNA_CUDA_KERNELS
  if (!step.onCpu()) return cuda::rmspropStep(inputs, {rate, decays}, {decay, momentum, epsilon});
#endif
  return step.run(factorsOf({decay, 1 - decay, momentum, epsilon}), decays, [&](size_t) { return rate; }, uncorrected);
}

}  // namespace

DNA_OP(adamStep)
DNA_OP(sgdStep)
DNA_OP(rmspropStep)

}  // namespace dna
