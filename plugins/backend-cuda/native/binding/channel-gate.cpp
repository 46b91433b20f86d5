// What squeeze-and-excitation takes of whole feature maps: x · gate + shift, sums over positions.
#include "channel-gate.h"

#include "op.h"

namespace dna {

namespace {

cpu::FeatureMaps mapsOf(const Tensor& x) { return {x.shape[0], x.shape[1] * x.shape[2], x.shape[3]}; }

void gateShift(Call& call) {
  const Tensor x = call.input(0), gate = call.input(1), shift = call.input(2);
  cpu::channelGate(mapsOf(x), x.data, gate.data, shift.data, call.output(0, x.shape).data);
}

void dot(Call& call) {
  const Tensor a = call.input(0), b = call.input(1);
  cpu::channelDot(mapsOf(a), a.data, b.data, call.output(0, {a.shape[0], a.shape[3]}).data);
}

void mean(Call& call) {
  const Tensor x = call.input(0);
  cpu::globalMean(mapsOf(x), x.data, call.output(0, {x.shape[0], x.shape[3]}).data);
}

const bool GATE_SHIFT = registered<&gateShift>("DnaChannelGateShift", {"x", "gate", "shift"}, {"y"}, {});
const bool DOT = registered<&dot>("DnaChannelDot", {"a", "b"}, {"sums"}, {});
const bool MEAN = registered<&mean>("DnaGlobalMean", {"x"}, {"means"}, {});

}  // namespace

}  // namespace dna
