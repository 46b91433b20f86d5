// A whole MBConv with folded norms, on TensorFlow's tensors.
#include "mb-conv-folded.h"

#include "op.h"

namespace dna {

namespace {

// The first of the list is x, then the weights as `MbConvFoldedPlaces` counts them.
void run(Call& call) {
  const Tensor x = call.input(0);
  std::vector<Extents> shapes;
  std::vector<const float*> weights;
  for (int index = 1; index < call.inputs(); ++index) {
    const Tensor weight = call.input(index);
    shapes.push_back(weight.shape);
    weights.push_back(weight.data);
  }
  const Attributes& given = call.attributes;
  const auto shape = mbConvFoldedShape(x.shape, shapes, {given.strides, given.padding}, given.residual);
  if (!shape)
    refuse("x [n, h, w, c] and the weights of an MBConv for its channels", x.shape,
           shapes.empty() ? Shape{} : shapes[0]);
  const Tensor y = call.output(0, shape->result());
  mbConvFoldedForward({*shape, x.data, MbConvFoldedWeights::of(weights), given.activation, given.residual}, y.data);
}

const bool FOLDED =
    registered<&run>("DnaMbConvFolded", {"tensors: N * float"}, {"y"},
                     {"N: int >= 1", "activation: int", "residual: bool", "strides: list(int)", "padding: list(int)"});

}  // namespace

}  // namespace dna
