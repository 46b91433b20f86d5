#include "host-allocator.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <vector>

#include "errors.h"
#include "huge-blocks.h"
#include "torch.h"

namespace dna {

namespace {

constexpr size_t ALIGNMENT = 64;

// Lies before the bytes that a tensor gets; keeps their alignment. A large block is a piece of its own.
struct alignas(ALIGNMENT) Header {
  size_t bytes;
  HugeBlocks::Piece* piece;
};

#ifdef __SANITIZE_ADDRESS__
// AddressSanitizer sees a step over a tensor's end only where the block ends with it, and the use of a freed one only
// where it is freed.
constexpr bool KEEPS_MEMORY = false;
#else
constexpr bool KEEPS_MEMORY = true;
#endif

// Eight classes of sizes a doubling: at most an eighth is wasted, and layers of nearly equal size share blocks.
struct SizeClass {
  static constexpr size_t COUNT = 8 * 40;
  size_t number;

  static SizeClass of(size_t bytes) {
    size_t step = ALIGNMENT, doublings = 0;
    for (; step * 16 < bytes; step *= 2) ++doublings;
    return {doublings * 8 + (bytes + step - 1) / step};
  }
  size_t bytes() const {
    const size_t doublings = number <= 16 ? 0 : (number - 9) / 8;
    return (number - doublings * 8) * (ALIGNMENT << doublings);
  }
};

size_t machineMemory() {
  const size_t physical = static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGE_SIZE));
  std::ifstream group("/sys/fs/cgroup/memory.max");
  size_t allowed = 0;
  return group >> allowed ? std::min(allowed, physical) : physical;
}

class HostAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    if (bytes == 0) return {nullptr, nullptr, &release, at::kCPU};
    void* data = take(KEEPS_MEMORY ? SizeClass::of(bytes).bytes() : bytes, bytes);
    return {data, data, &release, at::kCPU};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* to, const void* from, size_t count) const override { default_copy_data(to, from, count); }

  void setLimit(size_t bytes) {
    const std::lock_guard<std::mutex> guard(mutex_);
    limit_ = bytes == 0 ? machineMemory() : bytes;
  }
  HostMemory memory() {
    const std::lock_guard<std::mutex> guard(mutex_);
    return {used_, peak_, cached_, limit_};
  }
  void trim() {
    const std::lock_guard<std::mutex> guard(mutex_);
    dropCache();
    peak_ = used_;
  }

  static HostAllocator& instance() {
    static auto* allocator = new HostAllocator();  // never destroyed: tensors may outlive static objects
    return *allocator;
  }

 private:
  static void release(void* data) {
    if (data) instance().give(data);
  }

  void* take(size_t bytes, size_t wanted) {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (used_ + bytes > limit_) throw OutOfMemory(wanted, used_, limit_);
    void* data = cached(bytes);
    if (data) bytes = (static_cast<Header*>(data) - 1)->bytes;
    else data = fresh(bytes, wanted);
    used_ += bytes;
    peak_ = std::max(peak_, used_);
    return data;
  }

  // A free block of this size, or one that is little larger: the sizes of a step change with its path.
  void* cached(size_t bytes) {
    for (SizeClass at = SizeClass::of(bytes); at.number < SizeClass::COUNT && at.bytes() <= bytes + bytes / 4;
         ++at.number) {
      std::vector<void*>& blocks = free_[at.number];
      if (blocks.empty()) continue;
      void* data = blocks.back();
      blocks.pop_back();
      cached_ -= at.bytes();
      return data;
    }
    return nullptr;
  }

  void give(void* data) {
    const std::lock_guard<std::mutex> guard(mutex_);
    const size_t bytes = (static_cast<Header*>(data) - 1)->bytes;
    used_ -= bytes;
    if (!KEEPS_MEMORY) return giveBack(data);
    cached_ += bytes;
    free_[SizeClass::of(bytes).number].push_back(data);
    // What is cached beyond twice the most ever needed at once serves nobody.
    if (cached_ > 2 * peak_ + 32 * HUGE_PAGE) dropCache();
  }

  void* fresh(size_t bytes, size_t wanted) {
    if (used_ + cached_ + bytes > limit_) dropCache();
    HugeBlocks::Block block = systemBlock(bytes + sizeof(Header));
    if (!block.data) {
      dropCache();
      block = systemBlock(bytes + sizeof(Header));
    }
    if (!block.data) throw OutOfMemory(wanted, used_, limit_);
    auto* header = static_cast<Header*>(block.data);
    *header = {bytes, block.piece};
    return header + 1;
  }

  HugeBlocks::Block systemBlock(size_t bytes) {
    if (bytes >= HugeBlocks::MOST) return {HugeBlocks::pages(bytes), nullptr};
    if (KEEPS_MEMORY) return small_.take(bytes);
    void* block = nullptr;
    return posix_memalign(&block, ALIGNMENT, bytes) == 0 ? HugeBlocks::Block{block, nullptr}
                                                         : HugeBlocks::Block{nullptr, nullptr};
  }

  static void giveBack(void* data) {
    Header* const header = static_cast<Header*>(data) - 1;
    if (header->piece) HugeBlocks::give(header->piece);
    else std::free(header);
  }

  void dropCache() {
    for (std::vector<void*>& blocks : free_) {
      for (void* data : blocks) giveBack(data);
      blocks.clear();
    }
    cached_ = 0;
  }

  std::mutex mutex_;
  // By the number of their class.
  std::array<std::vector<void*>, SizeClass::COUNT> free_;
  size_t used_ = 0;
  size_t peak_ = 0;
  size_t cached_ = 0;
  size_t limit_ = machineMemory();
  HugeBlocks small_;
};

}  // namespace

void installHostAllocator() { at::SetCPUAllocator(&HostAllocator::instance(), /*priority=*/255); }
void setHostMemoryLimit(size_t bytes) { HostAllocator::instance().setLimit(bytes); }
HostMemory hostMemory() { return HostAllocator::instance().memory(); }
void trimHostMemory() { HostAllocator::instance().trim(); }

}  // namespace dna
