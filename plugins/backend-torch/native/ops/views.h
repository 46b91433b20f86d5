// Which results may stay views of their input.
#pragma once

#include "../torch.h"

namespace dna {

// A view as it is, or its copy where it would keep alive a storage of more than twice its size.
inline at::Tensor ownIfSmall(at::Tensor view) {
  const size_t needed = static_cast<size_t>(view.numel()) * view.element_size();
  return 2 * needed < view.storage().nbytes() ? view.clone(at::MemoryFormat::Contiguous) : view;
}

}  // namespace dna
