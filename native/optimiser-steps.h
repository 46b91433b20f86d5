// One step of an optimiser on many tensors at once. Nothing is written into an input: parameters and slots are made anew.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace dna {

// The numbers under which the backends' kernels pass them.
enum class Optimiser : int64_t { Adam = 0, Sgd = 1, Rmsprop = 2 };

// What all parameters share, by the optimiser:
// Adam: beta1, 1 − beta1, beta2, 1 − beta2, epsilon
// SGD: momentum, 1 for Nesterov's form
// RMSprop: decay, 1 − decay, momentum, epsilon
using StepFactors = std::array<float, 5>;

// One parameter with its slots: Adam's m and v, SGD's buffer, RMSprop's mean square and buffer.
struct StepParameter {
  int64_t size;
  // Coupled weight decay; length of the step, of Adam with the correction of m; of Adam also the correction of v.
  float decay, rate, correction;
  // Parameter, gradient, slots.
  std::array<const float*, 4> inputs;
  // Parameter, slots.
  std::array<float*, 3> outputs;
};

inline int slotsOf(Optimiser optimiser) { return optimiser == Optimiser::Sgd ? 1 : 2; }

// The same bits on any number of threads.
void stepParameters(Optimiser optimiser, const StepFactors& factors, const std::vector<StepParameter>& parameters);

}  // namespace dna
