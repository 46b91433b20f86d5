// Arrays as a kernel sees them, and how results are judged.
#pragma once

#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "../../cuda/storage.cuh"
#include "../test.h"

namespace dna::tests {

using cuda::Storage;

// Exactly as many bytes as the elements need, 16-byte aligned, or one element off that.
class DeviceArray {
 public:
  explicit DeviceArray(int64_t count, Storage storage = Storage::Float32, bool misaligned = false)
      : count_(count), storage_(storage), skipped_(misaligned ? width() : 0) {
    bytes_.reset(new unsigned char[static_cast<size_t>(count) * width() + skipped_]);
    std::memset(bytes_.get(), 0xff, static_cast<size_t>(count) * width() + skipped_);
  }

  static DeviceArray of(const std::vector<double>& values, Storage storage = Storage::Float32,
                        bool misaligned = false) {
    DeviceArray array(static_cast<int64_t>(values.size()), storage, misaligned);
    for (size_t at = 0; at < values.size(); ++at) array.set(static_cast<int64_t>(at), values[at]);
    return array;
  }
  // Normally distributed.
  static DeviceArray random(int64_t count, uint32_t seed, Storage storage = Storage::Float32, bool misaligned = false,
                            double mean = 0.0, double deviation = 1.0) {
    std::mt19937 generator(seed);
    std::normal_distribution<double> draw(mean, deviation);
    std::vector<double> values(static_cast<size_t>(count));
    for (double& value : values) value = draw(generator);
    return of(values, storage, misaligned);
  }

  void* data() { return bytes_.get() + skipped_; }
  float* floats() { return static_cast<float*>(data()); }
  int64_t count() const { return count_; }
  Storage storage() const { return storage_; }

  double operator[](int64_t at) const {
    const unsigned char* place = bytes_.get() + skipped_ + static_cast<size_t>(at) * width();
    if (storage_ == Storage::Float32) {
      float value;
      std::memcpy(&value, place, sizeof value);
      return value;
    }
    uint16_t bits;
    std::memcpy(&bits, place, sizeof bits);
    return cuda::bitsToFloat(static_cast<uint32_t>(bits) << 16);
  }
  std::vector<double> values() const {
    std::vector<double> all(static_cast<size_t>(count_));
    for (int64_t at = 0; at < count_; ++at) all[static_cast<size_t>(at)] = (*this)[at];
    return all;
  }
  bool sameBits(const DeviceArray& other) const {
    return std::memcmp(bytes_.get(), other.bytes_.get(), static_cast<size_t>(count_) * width() + skipped_) == 0;
  }

 private:
  size_t width() const { return storage_ == Storage::Float32 ? sizeof(float) : sizeof(uint16_t); }
  void set(int64_t at, double value) {
    unsigned char* place = bytes_.get() + skipped_ + static_cast<size_t>(at) * width();
    const auto single = static_cast<float>(value);
    const auto bits = static_cast<uint16_t>(cuda::roundToBfloat16(single));
    if (storage_ == Storage::Float32) {
      std::memcpy(place, &single, sizeof single);
    } else {
      std::memcpy(place, &bits, sizeof bits);
    }
  }

  int64_t count_;
  Storage storage_;
  size_t skipped_;
  std::unique_ptr<unsigned char[]> bytes_;
};

// Every element within `tolerance` of the largest wanted one, and beyond that half a bf16 step of itself where it is
// stored so.
inline void expectClose(const DeviceArray& found, const std::vector<double>& wanted, double tolerance,
                        const std::string& what) {
  expect(found.count() == static_cast<int64_t>(wanted.size()), what, ": ", found.count(), " elements");
  double largest = 1e-30;
  for (const double value : wanted) largest = std::max(largest, std::abs(value));
  const double step = found.storage() == Storage::Bfloat16 ? 1.0 / 256 : 0.0;
  for (int64_t at = 0; at < found.count(); ++at) {
    const double value = wanted[static_cast<size_t>(at)];
    const double allowed = tolerance * largest + step * std::abs(value);
    expect(std::abs(found[at] - value) <= allowed, what, ": element ", at, " is ", found[at], ", expected ", value);
  }
}

// Results of `launch` in every order of blocks and threads; they must be the same bits.
template <typename Launch>
std::vector<DeviceArray> inEveryOrder(Launch&& launch) {
  emulation::setOrder(emulation::Order::Ascending);
  std::vector<DeviceArray> first = launch();
  for (const auto order : {emulation::Order::Descending, emulation::Order::Shuffled}) {
    emulation::setOrder(order);
    const std::vector<DeviceArray> again = launch();
    for (size_t at = 0; at < first.size(); ++at) {
      expect(first[at].sameBits(again[at]), "result ", at, " depends on the order of threads");
    }
  }
  emulation::setOrder(emulation::Order::Ascending);
  return first;
}

// With accesses of another width sums would come in another order: what is not aligned must not be taken.
template <typename Launch>
void expectRefused(const std::string& what, Launch&& launch) {
  try {
    launch();
  } catch (const std::invalid_argument&) {
    return;
  }
  expect(false, what, " takes an activation that is not aligned");
}

constexpr Storage STORAGES[] = {Storage::Float32, Storage::Bfloat16};
inline const char* nameOf(Storage storage) { return storage == Storage::Float32 ? "float32" : "bf16"; }

template <typename... Parts>
std::string textOf(const Parts&... parts) {
  std::ostringstream text;
  (text << ... << parts);
  return text.str();
}

}  // namespace dna::tests
