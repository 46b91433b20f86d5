// A whole MBConv with folded norms, on tensors.
#include "mb-conv-folded.h"

#include "../bind.h"
#include "../shapes.h"

namespace dna {

namespace {

// `weights` as `MbConvFoldedPlaces` counts them.
at::Tensor mbConvFolded(const at::Tensor& x, const std::vector<at::Tensor>& weights,
                        const std::vector<int64_t>& strides, const std::vector<int64_t>& padding, bool residual,
                        int64_t activation) {
  std::vector<Extents> shapes;
  std::vector<at::Tensor> wholes;
  std::vector<const float*> pointers;
  for (const at::Tensor& weight : weights) {
    shapes.push_back(weight.sizes().vec());
    wholes.push_back(weight.contiguous());
    pointers.push_back(wholes.back().const_data_ptr<float>());
  }
  const at::Tensor input = x.contiguous();
  const std::optional<MbConvShape> shape = mbConvFoldedShape(x.sizes().vec(), shapes, {strides, padding}, residual);
  requireShapes(shape.has_value(), "MbConvFolded", "x [n, h, w, c] and the weights of an MBConv for its channels",
                {x, weights.empty() ? at::Tensor() : weights[0]});
  at::Tensor y = emptyFloats(shape->result());
  const MbConvFoldedCall call{*shape, input.const_data_ptr<float>(), MbConvFoldedWeights::of(pointers),
                              static_cast<Activation>(activation), residual};
  mbConvFoldedForward(call, y.mutable_data_ptr<float>());
  return y;
}

}  // namespace

DNA_OP(mbConvFolded)

}  // namespace dna
