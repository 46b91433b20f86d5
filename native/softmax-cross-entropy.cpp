#include "softmax-cross-entropy.h"

#include <algorithm>

#include "aligned-floats.h"
#include "exponential.h"
#include "lane-sums.h"

namespace dna::cpu {

namespace {

// What one row should be: its values, and their sum.
double wantedOf(const SoftmaxCrossEntropy& of, int64_t row, float* wanted) {
  const auto spread = static_cast<float>(of.smoothing / static_cast<double>(of.classes));
  const auto kept = static_cast<float>(1 - of.smoothing);
  if (of.labels != nullptr) {
    std::fill_n(wanted, of.classes, spread);
    wanted[of.labels[row]] += kept;
    return 1;
  }
  double sum = 0;
  for (int64_t at = 0; at < of.classes; ++at) {
    wanted[at] = of.distributions[row * of.classes + at] * kept + spread;
    sum += wanted[at];
  }
  return sum;
}

// Writes e^(x − largest) and returns its sum.
float exponentials(const float* x, int64_t count, float largest, float* to) {
  Lanes sum = splat(0.0f);
  for (int64_t at = 0; at < count; at += LANES) {
    const Lanes power = exponential(loadPart(x + at, count - at) - largest);
    storePart(to + at, power, count - at);
    sum += count - at >= LANES ? power : loadPart(to + at, count - at);
  }
  return sumOf(sum);
}

// Answers the row's loss.
double addRow(const SoftmaxCrossEntropy& of, int64_t row, const float* wanted, double total, float* gradient) {
  const float* x = of.logits + row * of.classes;
  const float largest = *std::max_element(x, x + of.classes);
  const float sum = exponentials(x, of.classes, largest, gradient);
  const double logOfSum = std::log(static_cast<double>(sum)) + static_cast<double>(largest);
  const auto scale = static_cast<float>(total / static_cast<double>(sum) / static_cast<double>(of.rows));
  const auto share = static_cast<float>(1 / static_cast<double>(of.rows));
  double loss = 0;
  for (int64_t at = 0; at < of.classes; ++at) {
    loss += static_cast<double>(wanted[at]) * (logOfSum - static_cast<double>(x[at]));
    gradient[at] = gradient[at] * scale - wanted[at] * share;
  }
  return loss;
}

}  // namespace

double softmaxCrossEntropy(const SoftmaxCrossEntropy& of, float* gradient) {
  auto wanted = AlignedFloats::unset(of.classes);
  double loss = 0;
  for (int64_t row = 0; row < of.rows; ++row) {
    const double total = wantedOf(of, row, wanted.data());
    loss += addRow(of, row, wanted.data(), total, gradient + row * of.classes);
  }
  return loss / static_cast<double>(of.rows);
}

}  // namespace dna::cpu
