// Rows of a tensor by index, and by coordinates of its leading axes.
//
// An index outside is an error where the tensor is on the host. On a GPU looking would mean waiting for it, so such a
// row reads as zeros, and what is written there is lost.
#pragma once

#include <vector>

#include "../torch.h"

namespace dna {

// Throws "<op>: the index 7 is not in [0, 2]." where an index on the host is outside [0, extent).
void requireIndices(const at::Tensor& indices, int64_t extent, const char* op);

// Which indices lie outside [0, extent).
at::Tensor isOutside(const at::Tensor& indices, int64_t extent);

// The rows of `table` along the axis at `indices` [n].
at::Tensor takeRows(const at::Tensor& table, int64_t axis, const at::Tensor& indices, const char* op);

// Row numbers, int64 [n], of coordinates [n, axes] in the leading axes of a tensor of this shape; outside of it (on a
// GPU), the row behind the last.
at::Tensor rowsOf(const at::Tensor& coordinates, const std::vector<int64_t>& shape, const char* op);

// The rows that `count` leading axes of a shape make.
int64_t countRows(const std::vector<int64_t>& shape, int64_t count);

}  // namespace dna
