// Which results may stay views of their input.
#pragma once

#include "../torch.h"

namespace dna {

// What an allocation begins at a multiple of, at least: a line of the cache, four accesses of a GPU.
constexpr uintptr_t MEMORY_ALIGNMENT = 64;

// A view as it is, or its copy: where it would keep alive a storage of more than twice its size, and where it begins
// in between what memory is aligned to. Libraries choose the order of a sum by that, and a value must not depend on
// where it lies.
inline at::Tensor viewOrCopy(at::Tensor view) {
  const size_t needed = static_cast<size_t>(view.numel()) * view.element_size();
  const bool aligned = reinterpret_cast<uintptr_t>(view.const_data_ptr()) % MEMORY_ALIGNMENT == 0;
  return aligned && 2 * needed >= view.storage().nbytes() ? view : view.clone(at::MemoryFormat::Contiguous);
}

}  // namespace dna
