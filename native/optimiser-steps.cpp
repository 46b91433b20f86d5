#include "optimiser-steps.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "lanes.h"
#include "parallel.h"

namespace dna {

namespace {

// Floats that a thread works on at a time.
constexpr int64_t PIECE = 16 * 1024;

struct Piece {
  const StepParameter* parameter;
  int64_t first, end;
};

std::vector<Piece> piecesOf(const std::vector<StepParameter>& parameters) {
  std::vector<Piece> pieces;
  for (const StepParameter& parameter : parameters) {
    for (int64_t at = 0; at < parameter.size; at += PIECE) {
      pieces.push_back({&parameter, at, std::min(parameter.size, at + PIECE)});
    }
  }
  return pieces;
}

template <int slots>
using Results = std::array<Lanes, slots + 1>;

// Calls update(parameter, values) for every vector: the new parameter and slots of parameter, gradient and slots.
template <int slots, typename Update>
void forEachVector(const std::vector<StepParameter>& parameters, Update&& update) {
  const std::vector<Piece> pieces = piecesOf(parameters);
  parallel(static_cast<int64_t>(pieces.size()), [&](int64_t index) {
    const auto& [parameter, first, end] = pieces[static_cast<size_t>(index)];
    for (int64_t at = first; at < end; at += LANES) {
      std::array<Lanes, slots + 2> values;
      for (int input = 0; input < slots + 2; ++input) values[input] = loadPart(parameter->inputs[input] + at, end - at);
      const Results<slots> results = update(*parameter, values);
      for (int output = 0; output < slots + 1; ++output)
        storePart(parameter->outputs[output] + at, results[output], end - at);
    }
  });
}

void byAdam(const StepFactors& factors, const std::vector<StepParameter>& parameters) {
  const auto [beta1, rest1, beta2, rest2, epsilon] = factors;
  forEachVector<2>(parameters, [=](const StepParameter& of, const std::array<Lanes, 4>& in) -> Results<2> {
    const Lanes gradient = in[1] + in[0] * of.decay;
    const Lanes m = in[2] * beta1 + gradient * rest1;
    const Lanes v = in[3] * beta2 + gradient * gradient * rest2;
    return {in[0] - m * of.rate / (squareRoot(v * of.correction) + epsilon), m, v};
  });
}

// Nesterov's form as PyTorch writes it.
void bySgd(const StepFactors& factors, const std::vector<StepParameter>& parameters) {
  const float momentum = factors[0];
  const bool nesterov = factors[1] != 0;
  forEachVector<1>(parameters, [=](const StepParameter& of, const std::array<Lanes, 3>& in) -> Results<1> {
    const Lanes gradient = in[1] + in[0] * of.decay;
    const Lanes buffer = in[2] * momentum + gradient;
    return {in[0] - (nesterov ? gradient + buffer * momentum : buffer) * of.rate, buffer};
  });
}

// TensorFlow's form, epsilon inside the root.
void byRmsprop(const StepFactors& factors, const std::vector<StepParameter>& parameters) {
  const float decay = factors[0], rest = factors[1], momentum = factors[2], epsilon = factors[3];
  forEachVector<2>(parameters, [=](const StepParameter& of, const std::array<Lanes, 4>& in) -> Results<2> {
    const Lanes gradient = in[1] + in[0] * of.decay;
    const Lanes square = in[2] * decay + gradient * gradient * rest;
    const Lanes buffer = in[3] * momentum + gradient * of.rate / squareRoot(square + epsilon);
    return {in[0] - buffer, square, buffer};
  });
}

}  // namespace

void stepParameters(Optimiser optimiser, const StepFactors& factors, const std::vector<StepParameter>& parameters) {
  switch (optimiser) {
    case Optimiser::Adam: return byAdam(factors, parameters);
    case Optimiser::Sgd: return bySgd(factors, parameters);
    case Optimiser::Rmsprop: return byRmsprop(factors, parameters);
  }
  throw std::invalid_argument("there is no optimiser " + std::to_string(static_cast<int64_t>(optimiser)));
}

}  // namespace dna
