// Batch norm with the batch's own statistics and its gradient, an activation fused into both.
#include "batch-norm-training.h"

#include "op.h"

namespace dna {

namespace {

cpu::BatchNorm normOf(const Call& call, const Tensor& x, const Tensor& scale, const Tensor& offset) {
  return {x.rows(), x.channels(), scale.data, offset.data, call.attributes.epsilon, call.attributes.activation};
}

void train(Call& call) {
  const Tensor x = call.input(0), scale = call.input(1), offset = call.input(2);
  const Tensor y = call.output(0, x.shape), mean = call.output(1, {x.channels()}),
               variance = call.output(2, {x.channels()});
  cpu::batchNormTraining(normOf(call, x, scale, offset), x.data, y.data, mean.data, variance.data);
}

void differentiate(Call& call) {
  const Tensor dy = call.input(0), x = call.input(1), scale = call.input(2), offset = call.input(3);
  const Tensor mean = call.input(4), variance = call.input(5);
  const Tensor dx = call.output(0, x.shape), dscale = call.output(1, {x.channels()}),
               doffset = call.output(2, {x.channels()});
  const cpu::BatchNormPass<float> pass{dy.data, x.data, mean.data, variance.data};
  cpu::batchNormTrainingGrad(normOf(call, x, scale, offset), pass, dx.data, dscale.data, doffset.data);
}

const bool TRAINING = registered<&train>("DnaBatchNormTraining", {"x", "scale", "offset"}, {"y", "mean", "variance"},
                                         {"epsilon: float", "activation: int"});
const bool GRADIENT =
    registered<&differentiate>("DnaBatchNormTrainingGrad", {"dy", "x", "scale", "offset", "mean", "variance"},
                               {"dx", "dscale", "doffset"}, {"epsilon: float", "activation: int"});

}  // namespace

}  // namespace dna
