// tfjs's kernels of one tensor, element by element; bf16 stays bf16.
#include "../bind.h"
#include "types.h"

// Defines the op `name`, whose result is an expression in `x`.
#define DNA_MAP(name, result)           \
  namespace {                           \
  Stored name(const Stored& input) {    \
    const at::Tensor& x = input.tensor; \
    return {result};                    \
  }                                     \
  }                                     \
  DNA_OP(name)

namespace dna {

DNA_MAP(abs, at::abs(numeric(x)))
DNA_MAP(acos, at::acos(x))
DNA_MAP(acosh, at::acosh(x))
DNA_MAP(asin, at::asin(x))
DNA_MAP(asinh, at::asinh(x))
DNA_MAP(atan, at::atan(x))
DNA_MAP(atanh, at::atanh(x))
DNA_MAP(ceil, at::ceil(numeric(x)))
DNA_MAP(cos, at::cos(x))
DNA_MAP(cosh, at::cosh(x))
DNA_MAP(erf, at::erf(x))
DNA_MAP(exp, at::exp(x))
DNA_MAP(expm1, at::expm1(x))
DNA_MAP(floor, at::floor(numeric(x)))
DNA_MAP(isFinite, at::isfinite(x))
DNA_MAP(isInf, at::isinf(x))
DNA_MAP(isNan, at::isnan(x))
DNA_MAP(log, at::log(x))
DNA_MAP(log1p, at::log1p(x))
DNA_MAP(logicalNot, at::logical_not(x))
DNA_MAP(neg, at::neg(numeric(x)))
DNA_MAP(reciprocal, at::reciprocal(x))
// Half to even.
DNA_MAP(round, at::round(numeric(x)))
DNA_MAP(rsqrt, at::rsqrt(x))
DNA_MAP(sign, at::sign(numeric(x)))
DNA_MAP(sin, at::sin(x))
DNA_MAP(sinh, at::sinh(x))
DNA_MAP(sqrt, at::sqrt(x))
DNA_MAP(square, at::square(numeric(x)))
DNA_MAP(tan, at::tan(x))

}  // namespace dna
