// Memory for the scratch of kernels: each call wants the same sizes again, and the system's allocator would hand large
// blocks back in between, so that their pages must be mapped anew.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

#include "lanes.h"

namespace dna {

// Free blocks of one thread, by powers of two. A block may be given back by another thread than took it.
class FloatPool {
 public:
  static FloatPool& ofThread() {
    static thread_local FloatPool pool;
    return pool;
  }

  // Of at least this many floats, aligned as lines of the cache are.
  float* take(int64_t floats) {
    const int at = sizeClass(floats);
    std::vector<float*>& blocks = free_[at];
    if (blocks.empty()) return fresh(at);
    float* const block = blocks.back();
    blocks.pop_back();
    kept_ -= bytesOf(at);
    return block;
  }

  // Takes back a block of so many floats.
  void give(float* block, int64_t floats) noexcept {
    const int at = sizeClass(floats);
    if (!KEEPS_MEMORY || kept_ + bytesOf(at) > MOST_BYTES) return std::free(block);
    try {
      free_[at].push_back(block);
      kept_ += bytesOf(at);
    } catch (const std::bad_alloc&) {
      std::free(block);
    }
  }

  ~FloatPool() {
    for (const std::vector<float*>& blocks : free_) {
      for (float* block : blocks) std::free(block);
    }
  }
  FloatPool(const FloatPool&) = delete;
  FloatPool& operator=(const FloatPool&) = delete;

 private:
  FloatPool() = default;

  // Of the cache.
  static constexpr size_t LINE = 64;
  static constexpr size_t MOST_BYTES = size_t{32} << 20;
#ifdef __SANITIZE_ADDRESS__
  static constexpr bool KEEPS_MEMORY = false;
#else
  static constexpr bool KEEPS_MEMORY = true;
#endif

  static size_t bytesOf(int at) { return LINE << at; }
  static int sizeClass(int64_t floats) {
    int at = 0;
    while (bytesOf(at) < static_cast<size_t>(floats) * sizeof(float)) ++at;
    return at;
  }
  static float* fresh(int at) {
    auto* const block = static_cast<float*>(std::aligned_alloc(LINE, bytesOf(at)));
    if (block == nullptr) throw std::bad_alloc();
    return block;
  }

  std::array<std::vector<float*>, 48> free_;
  size_t kept_ = 0;
};

}  // namespace dna
