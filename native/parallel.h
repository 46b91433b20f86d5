// Work on all threads that an op has. Each backend has its own, and defines this.
#pragma once

#include <cstdint>
#include <functional>

namespace dna {

// Calls work(index) for every index below `count`, on several threads, and returns when all is done; what one of them
// throws is thrown again. Who does which differs from call to call: nothing may depend on it.
void parallel(int64_t count, const std::function<void(int64_t)>& work);

}  // namespace dna
