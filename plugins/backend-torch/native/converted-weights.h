// Filters in the form that libtorch's convolutions read fastest, made once a filter instead of at every call.
#pragma once

#include <unordered_set>

#include "torch.h"

namespace dna {

// filter [kh, kw, c, o] → [o, c, kh, kw]; depthwise [kh, kw, c, 1] → [c, 1, kh, kw]. Kept until the filter is freed.
at::Tensor convertedFilter(const at::Tensor& filter, bool depthwise, at::ScalarType type);
// Forgets what was kept for filters in these storages, which are about to be written.
void forgetConvertedFilters(const std::unordered_set<const void*>& storages);
// Frees what was kept for filters of this thread that are gone; it happens by itself from time to time.
void sweepConvertedFilters();

}  // namespace dna
