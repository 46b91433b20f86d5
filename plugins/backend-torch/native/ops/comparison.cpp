// tfjs's comparisons and logic of two tensors; the results are bools.
#include "broadcast.h"

namespace dna {

DNA_BINARY(equal, "Equal", at::eq(a, b))
DNA_BINARY(notEqual, "NotEqual", at::ne(a, b))
DNA_BINARY(greater, "Greater", at::gt(a, b))
DNA_BINARY(greaterEqual, "GreaterEqual", at::ge(a, b))
DNA_BINARY(less, "Less", at::lt(a, b))
DNA_BINARY(lessEqual, "LessEqual", at::le(a, b))
DNA_BINARY(logicalAnd, "LogicalAnd", at::logical_and(a, b))
DNA_BINARY(logicalOr, "LogicalOr", at::logical_or(a, b))
DNA_BINARY(logicalXor, "LogicalXor", at::logical_xor(a, b))

}  // namespace dna
