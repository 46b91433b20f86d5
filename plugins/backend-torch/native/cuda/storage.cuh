// Activations as they are stored and as they are computed with: 16 bytes at a time where that is possible.
#pragma once

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

inline bool aligned(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer) % 16 == 0; }

inline int fullWidth(Storage storage) {
  return storage == Storage::Bfloat16 ? FULL_WIDTH<Bfloat16> : FULL_WIDTH<float>;
}

// Calls `work` with the Access for this storage; `wide` where every access is to 16 aligned bytes.
template <typename Work>
void withAccess(Storage storage, bool wide, Work&& work) {
  if (storage == Storage::Bfloat16) {
    if (wide) return work(Access<Bfloat16, FULL_WIDTH<Bfloat16>>{});
    return work(Access<Bfloat16, 1>{});
  }
  if (wide) return work(Access<float, FULL_WIDTH<float>>{});
  return work(Access<float, 1>{});
}

}  // namespace dna::cuda
