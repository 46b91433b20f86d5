// Changes of type.
#include "../bind.h"
#include "types.h"

namespace dna {

namespace {

// NaN is true.
Stored cast(const Stored& x, int64_t typeCode) {
  const at::ScalarType type = typeOfCode(typeCode);
  if (type == at::kInt && x.tensor.is_floating_point()) return {wrapToInt(x.tensor)};
  return {x.tensor.to(type)};
}

}  // namespace

DNA_OP(cast)

}  // namespace dna
