// Optimiser steps and moving averages on many small tensors: one op for all of them.
#include "optimiser-steps.h"

#include <algorithm>

#include "blend.h"
#include "op.h"

namespace dna {

namespace {

// Behind the factors: decay, rate and correction of each parameter.
constexpr int64_t NUMBERS = 3;

void step(Call& call) {
  const auto optimiser = static_cast<Optimiser>(call.attributes.kind);
  const Tensor numbers = call.input(0);
  StepFactors factors;
  const int slots = slotsOf(optimiser), width = slots + 2, count = (call.inputs() - 1) / width;
  const auto expected = static_cast<int64_t>(factors.size()) + NUMBERS * count;
  if (numbers.size() != expected) refuse("numbers of each parameter", numbers.shape, {expected});
  std::copy_n(numbers.data, factors.size(), factors.begin());
  std::vector<StepParameter> parameters;
  for (int at = 0; at < count; ++at) {
    const float* own = numbers.data + factors.size() + NUMBERS * at;
    const Tensor first = call.input(1 + at * width);
    StepParameter parameter{first.size(), own[0], own[1], own[2], {}, {}};
    for (int index = 0; index < width; ++index) {
      const Tensor input = call.input(1 + at * width + index);
      if (input.shape != first.shape) refuse("parameter, gradient and slots of one shape", first.shape, input.shape);
      parameter.inputs[index] = input.data;
    }
    for (int index = 0; index < slots + 1; ++index) {
      parameter.outputs[index] = call.output(at * (slots + 1) + index, first.shape).data;
    }
    parameters.push_back(parameter);
  }
  stepParameters(optimiser, factors, parameters);
}

// The numbers are what is lost of the old values, and the share of each fresh one.
void blend(Call& call) {
  const Tensor numbers = call.input(0);
  const int count = (call.inputs() - 1) / 2;
  if (numbers.size() != count + 1) refuse("a share for each pair", numbers.shape, {count + 1});
  for (int at = 0; at < count; ++at) {
    const Tensor old = call.input(1 + 2 * at), fresh = call.input(2 + 2 * at);
    if (old.shape != fresh.shape) refuse("pairs of one shape", old.shape, fresh.shape);
    cpu::blend(old.data, fresh.data, call.output(at, old.shape).data, old.size(), numbers.data[0],
               numbers.data[1 + at]);
  }
}

const bool STEP = registered<&step>("DnaOptimiserStep", {"numbers", "tensors: N * float"}, {"results: M * float"},
                                    {"N: int >= 1", "M: int >= 1", "kind: int"});
const bool BLEND = registered<&blend>("DnaBlend", {"numbers", "tensors: N * float"}, {"results: M * float"},
                                      {"N: int >= 1", "M: int >= 1"});

}  // namespace

}  // namespace dna
