// activation(x · scale + shift) a channel.
#include "activation.h"
#include "op.h"
#include "rows.h"

namespace dna {

namespace {

void scaleShift(Call& call) {
  const Tensor x = call.input(0), scale = call.input(1), shift = call.input(2);
  const Tensor y = call.output(0, x.shape);
  const RowGroups layout(x.rows(), x.channels());
  const std::vector<float> a = layout.repeat(scale.data), b = layout.repeat(shift.data);
  withActivation(call.attributes.activation, [&](auto activation) {
    forEachChunk<1>(layout, {x.data}, y.data, [&](int64_t, const Chunk<1>& chunk) {
      for (int64_t group = 0; group < chunk.groups; ++group) {
        const float* from = chunk.inputs[0] + group * layout.width;
        float* to = chunk.output + group * layout.width;
        for (int64_t at = 0; at < layout.width; at += LANES) {
          put(to + at, activated<activation>(load(from + at) * load(&a[at]) + load(&b[at])), chunk.streams);
        }
      }
    });
  });
}

const bool SCALE_SHIFT = registered<&scaleShift>("DnaScaleShift", {"x", "scale", "shift"}, {"y"}, {"activation: int"});

}  // namespace

}  // namespace dna
