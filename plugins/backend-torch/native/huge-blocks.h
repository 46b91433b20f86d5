// Blocks of memory in huge pages. A step's tensors lie on thousands of ordinary pages, more than a core keeps the addresses
// of: looking them up takes some hundredths of the step.
#pragma once

#include <sys/mman.h>

#include <cstdlib>

namespace dna {

constexpr size_t HUGE_PAGE = size_t{2} << 20;

// Cut one after the other from large pieces; a piece is given back once all its blocks are. Not safe for threads.
class HugeBlocks {
 public:
  // Larger ones fill huge pages of their own.
  static constexpr size_t MOST = HUGE_PAGE;
  static constexpr size_t ALIGNMENT = 64;

  // What a block belongs to.
  struct alignas(ALIGNMENT) Piece {
    size_t used, blocks;
  };
  struct Block {
    void* data;
    Piece* piece;
  };

  // Of a multiple of the alignment; no data where there is no memory.
  Block take(size_t bytes) {
    if (current_ == nullptr || current_->used + bytes > PIECE) {
      Piece* const fresh = static_cast<Piece*>(pages(PIECE));
      if (fresh == nullptr) return {nullptr, nullptr};
      leave(current_);
      *fresh = {sizeof(Piece), 1};
      current_ = fresh;
    }
    void* const data = reinterpret_cast<char*>(current_) + current_->used;
    current_->used += bytes;
    current_->blocks += 1;
    return {data, current_};
  }

  static void give(Piece* piece) { leave(piece); }

  // At the beginning of a huge page.
  static void* pages(size_t bytes) {
    void* data = nullptr;
    if (posix_memalign(&data, HUGE_PAGE, bytes) != 0) return nullptr;
    madvise(data, bytes, MADV_HUGEPAGE);
    return data;
  }

 private:
  static constexpr size_t PIECE = 8 * HUGE_PAGE;

  // The piece that is cut from counts as one block more.
  static void leave(Piece* piece) {
    if (piece != nullptr && --piece->blocks == 0) std::free(piece);
  }

  Piece* current_ = nullptr;
};

}  // namespace dna
