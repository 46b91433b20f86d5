// activation(x · scale + shift) a channel.
#include "scale-shift.h"

#include "op.h"

namespace dna {

namespace {

void scaleShift(Call& call) {
  const Tensor x = call.input(0), scale = call.input(1), shift = call.input(2);
  const Tensor y = call.output(0, x.shape);
  cpu::scaleShift({x.rows(), x.channels(), scale.data, shift.data, call.attributes.activation}, x.data, y.data);
}

const bool SCALE_SHIFT = registered<&scaleShift>("DnaScaleShift", {"x", "scale", "shift"}, {"y"}, {"activation: int"});

}  // namespace

}  // namespace dna
