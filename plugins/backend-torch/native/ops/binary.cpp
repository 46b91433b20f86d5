// tfjs's arithmetic of two tensors. Its ops bring both to one type before, and bools count as 0 and 1.
#include "broadcast.h"

namespace dna {

namespace {

at::Tensor realQuotient(const at::Tensor& a, const at::Tensor& b) { return at::div(floating(a), floating(b)); }

// In float64, which holds every int32 and its quotients well enough, and does not trap at x / 0 and -2^31 / -1.
at::Tensor integerRemainder(const at::Tensor& a, const at::Tensor& b) {
  return wrapToInt(at::remainder(a.to(at::kDouble), b.to(at::kDouble)));
}

// The remainder has the divisor's sign; of integers, that by 0 is 0.
at::Tensor signedRemainder(const at::Tensor& a, const at::Tensor& b) {
  return a.is_floating_point() || b.is_floating_point() ? at::remainder(a, b) : integerRemainder(a, b);
}

at::Tensor squared(at::Tensor difference) { return difference.mul_(difference); }

// A single exponent is read where that does not mean waiting: for squares, roots and the like there is a faster way.
at::Tensor power(const at::Tensor& base, const at::Tensor& exponent) {
  const bool readable =
      exponent.is_cpu() && exponent.numel() == 1 && exponent.dim() <= base.dim() && base.is_floating_point();
  return readable ? at::pow(base, exponent.item()) : at::pow(base, exponent);
}

// The sum of tensors of one shape.
Stored addN(const std::vector<Stored>& terms) {
  const auto isNarrow = [](const Stored& term) { return term.tensor.scalar_type() == at::kBFloat16; };
  const at::Tensor& first = terms.at(0).tensor;
  for (const Stored& term : terms) {
    requireShapes(term.tensor.sizes() == first.sizes(), "AddN", "terms of one shape", {first, term.tensor});
  }
  if (terms.size() == 1) return terms[0];
  at::Tensor sum = at::add(asFloat(numeric(first)), numeric(terms[1].tensor));
  for (size_t index = 2; index < terms.size(); ++index) sum = at::add(sum, numeric(terms[index].tensor));
  return std::all_of(terms.begin(), terms.end(), isNarrow) ? store(sum) : Stored{sum};
}

}  // namespace

DNA_OP(addN)

DNA_STORED_BINARY(add, "Add", at::add(a, b))
DNA_STORED_BINARY(sub, "Sub", at::sub(a, b))
DNA_STORED_BINARY(multiply, "Multiply", at::mul(a, b))
DNA_STORED_BINARY(maximum, "Maximum", at::maximum(a, b))
DNA_STORED_BINARY(minimum, "Minimum", at::minimum(a, b))
DNA_BINARY(squaredDifference, "SquaredDifference", squared(at::sub(numeric(a), numeric(b))))
DNA_BINARY(realDiv, "RealDiv", realQuotient(a, b))
// Always of int32.
DNA_BINARY(floorDiv, "FloorDiv", wrapToInt(at::div(a.to(at::kDouble), b.to(at::kDouble)).floor_()))
DNA_BINARY(mod, "Mod", signedRemainder(a, b))
DNA_BINARY(pow, "Pow", power(numeric(a), numeric(b)))
DNA_BINARY(atan2, "Atan2", at::atan2(floating(a), floating(b)))
DNA_BINARY(bitwiseAnd, "BitwiseAnd", at::bitwise_and(a, b))

}  // namespace dna
