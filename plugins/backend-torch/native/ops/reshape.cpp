// The same elements in another shape or order, and copies of them; views where they can be.
#include "../bind.h"
#include "../shapes.h"
#include "views.h"

namespace dna {

namespace {

using Extents = std::vector<int64_t>;

Stored reshape(const Stored& x, const Extents& shape) {
  requireShapes(c10::multiply_integers(shape) == x.tensor.numel(), "Reshape", "as many elements as the new shape holds",
                {x.tensor});
  return {x.tensor.reshape(shape)};
}

Stored transpose(const Stored& x, const Extents& order) {
  requireShapes(static_cast<int64_t>(order.size()) == x.tensor.dim(), "Transpose", "as many axes as the order names",
                {x.tensor});
  return {x.tensor.permute(order)};
}

Stored reverse(const Stored& x, const Extents& axes) { return {at::flip(x.tensor, axes)}; }

Stored broadcastTo(const Stored& x, const Extents& shape) {
  requireShapes(at::is_expandable_to(x.tensor.sizes(), shape), "BroadcastTo",
                "a shape that broadcasts to the wanted one", {x.tensor});
  return {viewOrCopy(x.tensor.expand(shape))};
}

// Where only axes of one element are repeated, which is how tfjs broadcasts, a view.
Stored tile(const Stored& x, const Extents& repetitions) {
  const auto sizes = x.tensor.sizes();
  requireShapes(repetitions.size() == sizes.size(), "Tile", "as many axes as repetitions", {x.tensor});
  Extents shape = sizes.vec();
  bool repeatsOnes = true;
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    repeatsOnes = repeatsOnes && (sizes[axis] == 1 || repetitions[axis] == 1);
    shape[axis] *= repetitions[axis];
  }
  return {repeatsOnes ? viewOrCopy(x.tensor.expand(shape)) : x.tensor.repeat(repetitions)};
}

}  // namespace

DNA_OP(reshape)
DNA_OP(transpose)
DNA_OP(reverse)
DNA_OP(broadcastTo)
DNA_OP(tile)

}  // namespace dna
