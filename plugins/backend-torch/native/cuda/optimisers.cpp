// The optimisers' steps, on lists of tensors.
#ifdef DNA_CUDA_KERNELS

#include <cmath>

#include "kernels.h"
#include "tensors.h"

namespace dna::cuda {

namespace {

// All tensors of a step as the launchers take them, the new ones made; keeps what it had to convert.
class StepTable {
 public:
  StepTable(const std::vector<at::Tensor>& tensors, size_t slots, const OptimiserStep& step) : slots_(slots) {
    const size_t width = 2 + slots;
    for (size_t first = 0; first + width <= tensors.size(); first += width) {
      add(&tensors[first], static_cast<float>(step.weightDecay.at(first / width)));
    }
  }

  std::vector<OptimiserTensor>& tensors() { return table_; }
  // Parameter, slots…, parameter, …
  const std::vector<at::Tensor>& outputs() const { return outputs_; }

 private:
  const at::Tensor& kept(at::Tensor tensor) { return inputs_.emplace_back(std::move(tensor)); }
  const at::Tensor& fresh(const at::Tensor& like) { return outputs_.emplace_back(at::empty_like(like)); }

  void add(const at::Tensor* inputs, float weightDecay) {
    OptimiserTensor entry{};
    const at::Tensor parameter = kept(floatVector(inputs[0])), gradient = kept(inputs[1].contiguous());
    entry.parameter = floats(parameter);
    entry.gradient = gradient.const_data_ptr();
    entry.gradientStorage = storageOf(gradient);
    entry.count = parameter.numel();
    entry.weightDecay = weightDecay;
    entry.newParameter = mutableFloats(fresh(parameter));
    for (size_t slot = 0; slot < slots_; ++slot) {
      const at::Tensor old = kept(floatVector(inputs[2 + slot]));
      entry.slots[slot] = floats(old);
      entry.newSlots[slot] = mutableFloats(fresh(old));
    }
    table_.push_back(entry);
  }

  size_t slots_;
  std::vector<at::Tensor> inputs_, outputs_;
  std::vector<OptimiserTensor> table_;
};

float asFloat32(double value) { return static_cast<float>(value); }

}  // namespace

std::vector<at::Tensor> adamStep(const std::vector<at::Tensor>& tensors, const OptimiserStep& step,
                                 const AdamOptions& options) {
  if (tensors.empty()) return {};
  const OnDevice here(tensors[0]);
  StepTable table(tensors, 2, step);
  for (size_t at = 0; at < table.tensors().size(); ++at) {
    const double steps = options.steps.at(at);
    table.tensors()[at].rate = asFloat32(step.learningRate / (1 - std::pow(options.beta1, steps)));
    table.tensors()[at].rootFactor = asFloat32(1 / std::sqrt(1 - std::pow(options.beta2, steps)));
  }
  const AdamRule rule{asFloat32(options.beta1), asFloat32(1 - options.beta1), asFloat32(options.beta2),
                      asFloat32(1 - options.beta2), asFloat32(options.epsilon)};
  launchAdamStep(table.tensors().data(), table.tensors().size(), rule, here.stream());
  return table.outputs();
}

std::vector<at::Tensor> sgdStep(const std::vector<at::Tensor>& tensors, const OptimiserStep& step,
                                const SgdOptions& options) {
  if (tensors.empty()) return {};
  const OnDevice here(tensors[0]);
  StepTable table(tensors, 1, step);
  const SgdRule rule{asFloat32(step.learningRate), asFloat32(options.momentum), options.nesterov};
  launchSgdStep(table.tensors().data(), table.tensors().size(), rule, here.stream());
  return table.outputs();
}

std::vector<at::Tensor> rmspropStep(const std::vector<at::Tensor>& tensors, const OptimiserStep& step,
                                    const RmspropOptions& options) {
  if (tensors.empty()) return {};
  const OnDevice here(tensors[0]);
  StepTable table(tensors, 2, step);
  const RmspropRule rule{asFloat32(step.learningRate), asFloat32(options.decay), asFloat32(1 - options.decay),
                         asFloat32(options.momentum), asFloat32(options.epsilon)};
  launchRmspropStep(table.tensors().data(), table.tensors().size(), rule, here.stream());
  return table.outputs();
}

std::vector<at::Tensor> blend(const std::vector<at::Tensor>& tensors, double keep, const std::vector<double>& shares) {
  if (tensors.empty()) return {};
  const OnDevice here(tensors[0]);
  StepTable table(tensors, 0, {0.0, std::vector<double>(shares.size(), 0.0)});
  for (size_t at = 0; at < table.tensors().size(); ++at) {
    OptimiserTensor& tensor = table.tensors()[at];
    tensor.rate = asFloat32(shares.at(at));
    tensor.rootFactor = asFloat32(shares.at(at) - static_cast<double>(tensor.rate));
  }
  launchBlend(table.tensors().data(), table.tensors().size(), {keep}, here.stream());
  return table.outputs();
}

}  // namespace dna::cuda

#endif
