#include "parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>

namespace dna {

namespace {

int threadCount() {
  const char* given = std::getenv("TF_NUM_INTRAOP_THREADS");
  const int count = given == nullptr ? 0 : std::atoi(given);
  return count > 0 ? count : std::max(1u, std::thread::hardware_concurrency());
}

// Looks again and again for a moment, at most as long as putting a thread to sleep and waking it up takes: ops follow each
// other closely.
template <typename Condition>
void spinUntil(Condition&& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(50);
  while (!condition() && std::chrono::steady_clock::now() < end) {
#ifdef __x86_64__
    __builtin_ia32_pause();
#endif
  }
}

// One at a time: a second JavaScript thread waits until the first one's op is done.
class Pool {
 public:
  Pool() {
    for (int thread = 1; thread < threadCount(); ++thread) std::thread([this] { serve(); }).detach();
  }

  void run(int64_t count, const std::function<void(int64_t)>& work) {
    std::lock_guard<std::mutex> turn(turns_);
    {
      std::lock_guard<std::mutex> lock(guard_);
      work_ = &work;
      count_ = count;
      next_ = 0;
      failure_ = nullptr;
      ++round_;
    }
    wake_.notify_all();
    take(count, work);
    spinUntil([this] { return busy_ == 0; });
    std::unique_lock<std::mutex> lock(guard_);
    work_ = nullptr;
    done_.wait(lock, [this] { return busy_ == 0; });
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void take(int64_t count, const std::function<void(int64_t)>& work) {
    try {
      for (int64_t index = next_++; index < count; index = next_++) work(index);
    } catch (...) {
      std::lock_guard<std::mutex> lock(guard_);
      failure_ = std::current_exception();
    }
  }

  void serve() {
    uint64_t seen = 0;
    std::unique_lock<std::mutex> lock(guard_);
    for (;;) {
      lock.unlock();
      spinUntil([&] { return round_ != seen; });
      lock.lock();
      wake_.wait(lock, [&] { return round_ != seen && work_ != nullptr; });
      seen = round_;
      ++busy_;
      const auto* work = work_;
      const int64_t count = count_;
      lock.unlock();
      take(count, *work);
      lock.lock();
      if (--busy_ == 0) done_.notify_all();
    }
  }

  std::mutex turns_, guard_;
  std::condition_variable wake_, done_;
  const std::function<void(int64_t)>* work_ = nullptr;
  std::atomic<int64_t> next_{0};
  int64_t count_ = 0;
  std::exception_ptr failure_;
  std::atomic<uint64_t> round_{0};
  std::atomic<int> busy_{0};
};

}  // namespace

void parallel(int64_t count, const std::function<void(int64_t)>& work) {
  // Never destroyed: its threads wait until the process ends.
  static Pool* const pool = new Pool();
  if (count == 1) return work(0);
  pool->run(count, work);
}

}  // namespace dna
