// Mean and spread of channels, summed up in parts that merge without cancelling.
#pragma once

#include <vector>

#include "lane-sums.h"

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

// All channels over the same rows, one beside the other: what is merged needs two divisions for all of them.
class ChannelMoments {
 public:
  explicit ChannelMoments(int64_t width) : means_(static_cast<size_t>(width)), squares_(means_.size()) {}

  double mean(int64_t channel) const { return means_[channel]; }
  // Biased.
  double variance(int64_t channel) const { return squares_[channel] / count_; }
  Moments of(int64_t channel) const { return {count_, means_[channel], squares_[channel]}; }

  // Adds rows [rows, width] of whole vectors; `x(row, at)` is one of them. Both sums are about the first row, so that they do
  // not cancel where the mean is far from 0.
  template <typename X>
  void add(int64_t rows, X&& x) {
    const Shares shares = grow(static_cast<double>(rows));
    byFewVectors(static_cast<int64_t>(means_.size()) / LANES,
                 [&](auto few, int64_t first) { addColumns<few.value>(first * LANES, rows, x, shares); });
  }
  void add(const float* x, int64_t rows) {
    const auto width = static_cast<int64_t>(means_.size());
    add(rows, [=](int64_t row, int64_t at) { return load(x + row * width + at); });
  }

  void merge(const ChannelMoments& other) {
    if (other.count_ == 0) return;
    const Shares shares = grow(other.count_);
    for (size_t at = 0; at < means_.size(); at += LANES) {
      merge(static_cast<int64_t>(at), shares, DoubleLanes(&other.means_[at]), DoubleLanes(&other.squares_[at]));
    }
  }

 private:
  // How a distance of means counts: in the mean, and squared in the squares.
  struct Shares {
    double mean, squares;
  };

  Shares grow(double rows) {
    const double total = count_ + rows, share = rows / total;
    const Shares shares{share, count_ * share};
    count_ = total;
    return shares;
  }

  template <int vectors, typename X>
  void addColumns(int64_t at, int64_t rows, X&& x, const Shares& shares) {
    Lanes about[vectors], sums[vectors], squares[vectors];
#pragma GCC unroll 4
    for (int vector = 0; vector < vectors; ++vector) {
      about[vector] = x(0, at + vector * LANES);
      sums[vector] = squares[vector] = splat(0.0f);
    }
    for (int64_t row = 1; row < rows; ++row) {
#pragma GCC unroll 4
      for (int vector = 0; vector < vectors; ++vector) {
        const Lanes distance = x(row, at + vector * LANES) - about[vector];
        sums[vector] += distance;
        squares[vector] += distance * distance;
      }
    }
#pragma GCC unroll 4
    for (int vector = 0; vector < vectors; ++vector) {
      const Lanes mean = sums[vector] / static_cast<float>(rows);
      const Lanes spread = larger(splat(0.0f), squares[vector] - sums[vector] * mean);
      merge(at + vector * LANES, shares, DoubleLanes(about[vector] + mean), DoubleLanes(spread));
    }
  }

  void merge(int64_t at, const Shares& shares, const DoubleLanes& mean, const DoubleLanes& squares) {
    const DoubleLanes before(&means_[at]);
    const DoubleLanes distance = mean - before;
    (DoubleLanes(&squares_[at]) + (squares + distance * distance * shares.squares)).store(&squares_[at]);
    (before + distance * shares.mean).store(&means_[at]);
  }

  double count_ = 0;
  std::vector<double> means_, squares_;
};

}  // namespace dna
