// Moves between space, depth and batch: depthToSpace, spaceToBatchND, batchToSpaceND.
#include "../bind.h"
#include "../shapes.h"

namespace dna {

namespace {

// [n, h, w, b·b·c] to [n, h·b, w·b, c]; channelsFirst [n, b·b·c, h, w] to [n, c, h·b, w·b].
Stored depthToSpace(const Stored& x, int64_t block, bool channelsFirst) {
  const at::Tensor& given = x.tensor;
  const int64_t axis = channelsFirst ? 1 : -1;
  requireShapes(given.dim() == 4 && block > 0 && given.size(axis) % (block * block) == 0, "depthToSpace",
                "x of rank 4 with a multiple of block² channels", {given});
  const int64_t channels = given.size(axis) / (block * block);
  if (channelsFirst) {
    const at::Tensor split = given.reshape({given.size(0), block, block, channels, given.size(2), given.size(3)});
    return {split.permute({0, 3, 4, 1, 5, 2})
                .reshape({given.size(0), channels, given.size(2) * block, given.size(3) * block})};
  }
  const at::Tensor split = given.reshape({given.size(0), given.size(1), given.size(2), block, block, channels});
  return {split.permute({0, 1, 3, 2, 4, 5})
              .reshape({given.size(0), given.size(1) * block, given.size(2) * block, channels})};
}

using Numbers = std::vector<int64_t>;

// Per-axis amounts before and after, [before0, after0, before1, ..], as at::constant_pad_nd takes them for axes 1 .. m of
// a tensor of `rank` axes.
Numbers paddingOf(const Numbers& amounts, int64_t rank, int64_t sign) {
  Numbers padding(2 * (rank - 1), 0);
  for (size_t axis = 0; 2 * axis < amounts.size(); ++axis) {
    const size_t at = 2 * (rank - 2 - axis);
    padding[at] = sign * amounts[2 * axis];
    padding[at + 1] = sign * amounts[2 * axis + 1];
  }
  return padding;
}

void requireBlocks(const at::Tensor& x, const Numbers& block, const Numbers& amounts, const char* op) {
  requireShapes(x.dim() > static_cast<int64_t>(block.size()) && amounts.size() == 2 * block.size(), op,
                "x with an axis a block", {x});
}

int64_t productOf(const Numbers& numbers) {
  int64_t product = 1;
  for (int64_t number : numbers) product *= number;
  return product;
}

// [n, s.., rest] padded to [n, s'.., rest], then every block's values to the batch: [Π block · n, s' / block .., rest].
Stored spaceToBatch(const Stored& x, const Numbers& block, const Numbers& paddings) {
  requireBlocks(x.tensor, block, paddings, "spaceToBatchND");
  const int64_t axes = static_cast<int64_t>(block.size());
  const at::Tensor padded = at::constant_pad_nd(x.tensor, paddingOf(paddings, x.tensor.dim(), 1), 0);
  Numbers split{padded.size(0)}, order, result{padded.size(0) * productOf(block)};
  for (int64_t axis = 0; axis < axes; ++axis) {
    requireShapes(padded.size(axis + 1) % block[axis] == 0, "spaceToBatchND", "padded extents that blocks divide",
                  {padded});
    split.insert(split.end(), {padded.size(axis + 1) / block[axis], block[axis]});
    result.push_back(padded.size(axis + 1) / block[axis]);
    order.push_back(2 * axis + 2);
  }
  order.push_back(0);
  for (int64_t axis = 0; axis < axes; ++axis) order.push_back(2 * axis + 1);
  for (int64_t axis = axes + 1; axis < padded.dim(); ++axis) {
    order.push_back(axis + axes);
    split.push_back(padded.size(axis));
    result.push_back(padded.size(axis));
  }
  return {padded.reshape(split).permute(order).reshape(result)};
}

// The reverse: [Π block · n, s.., rest] to [n, s · block .., rest], then cropped.
Stored batchToSpace(const Stored& x, const Numbers& block, const Numbers& crops) {
  const at::Tensor& given = x.tensor;
  requireBlocks(given, block, crops, "batchToSpaceND");
  const int64_t axes = static_cast<int64_t>(block.size());
  const int64_t images = given.size(0) / productOf(block);
  requireShapes(images * productOf(block) == given.size(0), "batchToSpaceND", "a batch that blocks divide", {given});
  Numbers split = block, order{axes}, result{images};
  split.push_back(images);
  for (int64_t axis = 0; axis < axes; ++axis) {
    order.insert(order.end(), {axes + 1 + axis, axis});
    result.push_back(given.size(axis + 1) * block[axis]);
  }
  for (int64_t axis = 1; axis < given.dim(); ++axis) split.push_back(given.size(axis));
  for (int64_t axis = axes + 1; axis < given.dim(); ++axis) {
    order.push_back(axis + axes);
    result.push_back(given.size(axis));
  }
  const at::Tensor space = given.reshape(split).permute(order).reshape(result);
  return {at::constant_pad_nd(space, paddingOf(crops, space.dim(), -1), 0)};
}

}  // namespace

DNA_OP(depthToSpace)
DNA_OP(spaceToBatch)
DNA_OP(batchToSpace)

}  // namespace dna
