// Mean and spread of channels, summed up in parts that merge without cancelling.
#pragma once

#include "lanes.h"

namespace dna {

// One channel over some rows: mean, and sum of squares about it.
struct Moments {
  double count = 0;
  double mean = 0;
  double squares = 0;

  // Chan et al. 1979.
  void merge(const Moments& other) {
    if (other.count == 0) return;
    const double total = count + other.count;
    const double distance = other.mean - mean;
    squares += other.squares + distance * distance * count * other.count / total;
    mean += distance * other.count / total;
    count = total;
  }
};

// Adds rows [rows, width] of whole vectors to the moments of their channels. Two passes over rows that stay in the
// cache: the mean, then the squares about it.
inline void addMoments(const float* x, int64_t rows, int64_t width, Moments* moments) {
  for (int64_t at = 0; at < width; at += LANES) {
    Lanes sum = splat(0.0f);
    for (int64_t row = 0; row < rows; ++row) sum += load(x + row * width + at);
    const Lanes mean = sum / static_cast<float>(rows);
    Lanes squares = splat(0.0f);
    for (int64_t row = 0; row < rows; ++row) {
      const Lanes distance = load(x + row * width + at) - mean;
      squares += distance * distance;
    }
    for (int64_t lane = 0; lane < LANES; ++lane) {
      moments[at + lane].merge({static_cast<double>(rows), static_cast<double>(mean[lane]),
                                static_cast<double>(squares[lane])});
    }
  }
}

}  // namespace dna
