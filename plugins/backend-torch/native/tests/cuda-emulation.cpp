#include "cuda-emulation.h"

#include <ucontext.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace dna::emulation {

namespace {

constexpr size_t STACK_BYTES = 128 * 1024;

struct Copy {
  void* to;
  const void* from;
  size_t bytes;
};

enum class Wait { Ready, Barrier, Done };

struct Fiber {
  std::unique_ptr<unsigned char[]> stack{new unsigned char[STACK_BYTES]};
  ucontext_t context{};
  void* shadow = nullptr;
  Extent index;
  Wait wait = Wait::Done;
  std::vector<Copy> copies;
};

// One block at a time; everything of it is global as it is on the GPU.
struct Machine {
  std::vector<Fiber> fibers;
  Fiber* current = nullptr;
  ucontext_t scheduler{};
  void* schedulerShadow = nullptr;
  const void* schedulerStack = nullptr;
  size_t schedulerBytes = 0;
  std::unique_ptr<unsigned char[]> shared;
  const std::function<void()>* body = nullptr;
  Order order = Order::Ascending;
  uint32_t seed = 1;
  // Turing's, the smallest.
  size_t sharedLimit = 64 * 1024;
};

Machine& machine() {
  static Machine only;
  return only;
}

void beginSwitch([[maybe_unused]] void** shadow, [[maybe_unused]] const void* stack, [[maybe_unused]] size_t bytes) {
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_start_switch_fiber(shadow, stack, bytes);
#endif
}

void endSwitch([[maybe_unused]] void* shadow, [[maybe_unused]] const void** stack, [[maybe_unused]] size_t* bytes) {
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_finish_switch_fiber(shadow, stack, bytes);
#endif
}

void leave(Wait wait) {
  Machine& own = machine();
  Fiber& fiber = *own.current;
  fiber.wait = wait;
  beginSwitch(wait == Wait::Done ? nullptr : &fiber.shadow, own.schedulerStack, own.schedulerBytes);
  swapcontext(&fiber.context, &own.scheduler);
  endSwitch(fiber.shadow, nullptr, nullptr);
}

void enterFiber() {
  Machine& own = machine();
  endSwitch(nullptr, &own.schedulerStack, &own.schedulerBytes);
  (*own.body)();
  leave(Wait::Done);
}

void resume(Fiber& fiber) {
  Machine& own = machine();
  own.current = &fiber;
  threadIndex = fiber.index;
  beginSwitch(&own.schedulerShadow, fiber.stack.get(), STACK_BYTES);
  swapcontext(&own.scheduler, &fiber.context);
  endSwitch(own.schedulerShadow, nullptr, nullptr);
}

void prepare(Fiber& fiber, Extent index) {
#ifdef __SANITIZE_ADDRESS__
  __asan_unpoison_memory_region(fiber.stack.get(), STACK_BYTES);
#endif
  fiber.index = index;
  fiber.wait = Wait::Ready;
  fiber.copies.clear();
  getcontext(&fiber.context);
  fiber.context.uc_stack.ss_sp = fiber.stack.get();
  fiber.context.uc_stack.ss_size = STACK_BYTES;
  fiber.context.uc_link = nullptr;
  makecontext(&fiber.context, enterFiber, 0);
}

std::vector<size_t> ordered(size_t count) {
  Machine& own = machine();
  std::vector<size_t> places(count);
  std::iota(places.begin(), places.end(), size_t{0});
  if (own.order == Order::Descending) std::reverse(places.begin(), places.end());
  if (own.order != Order::Shuffled) return places;
  for (size_t left = count; left > 1; --left) {
    own.seed = own.seed * 1664525u + 1013904223u;
    std::swap(places[left - 1], places[(own.seed >> 8) % left]);
  }
  return places;
}

Extent indexOf(size_t place, Extent extent) {
  const auto at = static_cast<unsigned>(place);
  return {at % extent.x, at / extent.x % extent.y, at / extent.x / extent.y};
}

size_t countOf(Extent extent) { return size_t{extent.x} * extent.y * extent.z; }

// Lets every thread come to its next barrier, or its end; whether there is a next round.
bool runRound(size_t threads) {
  Machine& own = machine();
  for (const size_t place : ordered(threads)) resume(own.fibers[place]);
  size_t done = 0;
  for (size_t place = 0; place < threads; ++place) {
    Fiber& fiber = own.fibers[place];
    if (fiber.wait != Wait::Done) continue;
    ++done;
    if (!fiber.copies.empty()) throw std::logic_error("a copy was never waited for");
  }
  if (done == 0 || done == threads) return done == 0;
  throw std::logic_error(std::to_string(done) + " of " + std::to_string(threads) + " threads did not reach a barrier");
}

void runBlock(size_t threads, size_t shared) {
  Machine& own = machine();
  own.shared.reset(new unsigned char[shared]);
  std::memset(own.shared.get(), 0xff, shared);
  for (size_t place = 0; place < threads; ++place) prepare(own.fibers[place], indexOf(place, blockExtent));
  while (runRound(threads)) {
  }
}

void requireLaunch(Extent grid, Extent block, size_t shared) {
  const bool fits = countOf(grid) > 0 && countOf(block) > 0 && countOf(block) <= 1024 && block.z <= 64;
  if (!fits || grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535) throw std::logic_error("an impossible launch");
  requireShared(shared);
}

}  // namespace

void setOrder(Order order) { machine().order = order; }

void run(Extent grid, Extent block, size_t shared, const std::function<void()>& body) {
  requireLaunch(grid, block, shared);
  Machine& own = machine();
  gridExtent = grid;
  blockExtent = block;
  own.body = &body;
  if (own.fibers.size() < countOf(block)) own.fibers.resize(countOf(block));
  for (const size_t place : ordered(countOf(grid))) {
    blockIndex = indexOf(place, grid);
    runBlock(countOf(block), shared);
  }
}

void barrier() { leave(Wait::Barrier); }

void* sharedBytes() { return machine().shared.get(); }

void copyLater(void* to, const void* from, size_t bytes) { machine().current->copies.push_back({to, from, bytes}); }

void makeCopies() {
  std::vector<Copy>& copies = machine().current->copies;
  for (const Copy& copy : copies) {
    if (copy.from) {
      std::memcpy(copy.to, copy.from, copy.bytes);
    } else {
      std::memset(copy.to, 0, copy.bytes);
    }
  }
  copies.clear();
}

void setSharedLimit(size_t bytes) { machine().sharedLimit = bytes; }

size_t sharedLimit() { return machine().sharedLimit; }

void requireShared(size_t bytes) {
  if (bytes > sharedLimit()) throw std::logic_error(std::to_string(bytes) + " bytes of shared memory");
}

}  // namespace dna::emulation
