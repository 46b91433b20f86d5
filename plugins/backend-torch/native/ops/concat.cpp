// Several tensors as one.
#include "../bind.h"
#include "../shapes.h"

namespace dna {

namespace {

std::vector<at::Tensor> tensorsOf(const std::vector<Stored>& parts) {
  std::vector<at::Tensor> tensors;
  for (const Stored& part : parts) tensors.push_back(part.tensor);
  return tensors;
}

bool fitBeside(const at::Tensor& a, const at::Tensor& b, int64_t axis) {
  if (a.dim() != b.dim()) return false;
  for (int64_t other = 0; other < a.dim(); ++other) {
    if (other != axis && a.size(other) != b.size(other)) return false;
  }
  return true;
}

// bf16 only where every part is.
Stored concat(const std::vector<Stored>& parts, int64_t axis) {
  for (const Stored& part : parts) {
    requireShapes(fitBeside(parts[0].tensor, part.tensor, axis), "Concat", "shapes equal but for the axis",
                  {parts[0].tensor, part.tensor});
  }
  return {at::cat(tensorsOf(parts), axis)};
}

Stored pack(const std::vector<Stored>& parts, int64_t axis) {
  for (const Stored& part : parts) {
    requireShapes(parts[0].tensor.sizes() == part.tensor.sizes(), "Pack", "tensors of one shape",
                  {parts[0].tensor, part.tensor});
  }
  return {at::stack(tensorsOf(parts), axis)};
}

}  // namespace

DNA_OP(concat)
DNA_OP(pack)

}  // namespace dna
