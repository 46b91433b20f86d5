// Tensors made of numbers.
#include "../bind.h"
#include "types.h"

namespace dna {

namespace {

at::TensorOptions onDevice(at::ScalarType type) { return at::TensorOptions(type).device(state().device); }

at::Tensor fill(const std::vector<int64_t>& shape, double value, int64_t typeCode) {
  const at::ScalarType type = typeOfCode(typeCode);
  if (type == at::kInt) return at::full(shape, wrapToInt(value), onDevice(type));
  return at::full(shape, value, onDevice(type));
}

Stored zerosLike(const Stored& x) { return {at::zeros_like(x.tensor, at::MemoryFormat::Contiguous)}; }

Stored onesLike(const Stored& x) { return {at::ones_like(x.tensor, at::MemoryFormat::Contiguous)}; }

// start + i · step, for `count` integers i; counted in float64.
at::Tensor range(double start, double step, int64_t count, int64_t typeCode) {
  const at::Tensor numbers = at::arange(count, onDevice(at::kDouble)).mul_(step).add_(start);
  return numbers.to(typeOfCode(typeCode));
}

// From `start` to `stop`, both among them.
at::Tensor linSpace(double start, double stop, int64_t count) {
  return at::linspace(start, stop, count, onDevice(at::kDouble)).to(at::kFloat);
}

}  // namespace

DNA_OP(fill)
DNA_OP(zerosLike)
DNA_OP(onesLike)
DNA_OP(range)
DNA_OP(linSpace)

}  // namespace dna
