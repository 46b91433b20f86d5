// Ops that give their inputs new values where they lie, instead of answering new tensors.
#pragma once

#include "torch.h"

namespace dna {

// Whether nothing else sees the values of these arguments of a call: no other handle, no view. Then they may be written,
// and what was converted from them is forgotten.
bool mayBeWritten(const std::vector<const at::Tensor*>& arguments);

}  // namespace dna
