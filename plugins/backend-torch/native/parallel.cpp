#include "parallel.h"

#include "torch.h"

namespace dna {

void parallel(int64_t count, const std::function<void(int64_t)>& work) {
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t index = begin; index < end; ++index) work(index);
  });
}

}  // namespace dna
