// Filters in the form that libtorch's convolutions read fastest, made once a filter instead of at every call.
#pragma once

#include "torch.h"

namespace dna {

// filter [kh, kw, c, o] → [o, c, kh, kw]; depthwise [kh, kw, c, 1] → [c, 1, kh, kw]. Kept until the filter is freed.
at::Tensor convertedFilter(const at::Tensor& filter, bool depthwise, at::ScalarType type);

}  // namespace dna
