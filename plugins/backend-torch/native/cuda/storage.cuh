// Activations as they are stored and as they are computed with: 16 bytes at a time where that is possible.
#pragma once

#include <stdexcept>
#include <string>

#include "launchers.h"
#include "platform.cuh"

namespace dna::cuda {

struct Bfloat16 {
  uint16_t bits;
};

// How a kernel accesses an activation: `WIDTH` channels at a time, as many as 16 bytes hold, or one.
template <typename T, int WIDTH_>
struct Access {
  using Type = T;
  static constexpr int WIDTH = WIDTH_;
};

template <typename T>
constexpr int FULL_WIDTH = static_cast<int>(16 / sizeof(T));

template <int WIDTH>
__device__ inline void load(const float* from, float (&to)[WIDTH]) {
  if constexpr (WIDTH == 1) {
    to[0] = *from;
  } else {
    DNA_UNROLL
    for (int at = 0; at < WIDTH; at += 4) {
      const Words words = loadWords(from + at);
      DNA_UNROLL
      for (int each = 0; each < 4; ++each) to[at + each] = bitsToFloat(words.word[each]);
    }
  }
}

template <int WIDTH>
__device__ inline void load(const Bfloat16* from, float (&to)[WIDTH]) {
  if constexpr (WIDTH == 1) {
    to[0] = bitsToFloat(static_cast<uint32_t>(from->bits) << 16);
  } else {
    static_assert(WIDTH == 8, "eight bf16 are 16 bytes");
    const Words words = loadWords(from);
    DNA_UNROLL
    for (int each = 0; each < 4; ++each) {
      to[2 * each] = bitsToFloat(words.word[each] << 16);
      to[2 * each + 1] = bitsToFloat(words.word[each] & 0xffff0000u);
    }
  }
}

template <int WIDTH>
__device__ inline void save(float* to, const float (&from)[WIDTH]) {
  if constexpr (WIDTH == 1) {
    *to = from[0];
  } else {
    DNA_UNROLL
    for (int at = 0; at < WIDTH; at += 4) {
      Words words;
      DNA_UNROLL
      for (int each = 0; each < 4; ++each) words.word[each] = floatToBits(from[at + each]);
      saveWords(to + at, words);
    }
  }
}

template <int WIDTH>
__device__ inline void save(Bfloat16* to, const float (&from)[WIDTH]) {
  if constexpr (WIDTH == 1) {
    to->bits = static_cast<uint16_t>(packBfloat16(from[0], 0.0f));
  } else {
    static_assert(WIDTH == 8, "eight bf16 are 16 bytes");
    Words words;
    DNA_UNROLL
    for (int each = 0; each < 4; ++each) words.word[each] = packBfloat16(from[2 * each], from[2 * each + 1]);
    saveWords(to, words);
  }
}

// One per-channel float32 vector's part; null stands for `otherwise`.
template <int WIDTH>
__device__ inline void loadVector(const float* vector, int64_t channel, float otherwise, float (&to)[WIDTH]) {
  DNA_UNROLL
  for (int each = 0; each < WIDTH; ++each) to[each] = vector ? vector[channel + each] : otherwise;
}

// Throws unless every activation begins where 16 bytes can be moved at once.
template <typename... Pointers>
void requireAligned(const char* kernel, Pointers... activations) {
  if ((isAligned(activations) && ...)) return;
  throw std::invalid_argument(std::string(kernel) + ": an activation does not begin at a multiple of " +
                              std::to_string(ACTIVATION_ALIGNMENT) + " bytes");
}

inline int fullWidth(Storage storage) {
  return storage == Storage::Bfloat16 ? FULL_WIDTH<Bfloat16> : FULL_WIDTH<float>;
}

// Whether rows of so many channels are moved 16 bytes at a time. Told by the shape alone: the order of a sum follows
// from it.
inline bool isWide(Storage storage, int64_t channels) { return channels % fullWidth(storage) == 0; }

inline int widthOf(Storage storage, int64_t channels) { return isWide(storage, channels) ? fullWidth(storage) : 1; }

// Calls `work` with the Access of 16 bytes for this storage.
template <typename Work>
void withFullAccess(Storage storage, Work&& work) {
  if (storage == Storage::Bfloat16) return work(Access<Bfloat16, FULL_WIDTH<Bfloat16>>{});
  work(Access<float, FULL_WIDTH<float>>{});
}

// The same with the Access that rows of so many channels allow.
template <typename Work>
void withAccess(Storage storage, int64_t channels, Work&& work) {
  if (isWide(storage, channels)) return withFullAccess(storage, work);
  if (storage == Storage::Bfloat16) return work(Access<Bfloat16, 1>{});
  work(Access<float, 1>{});
}

}  // namespace dna::cuda
