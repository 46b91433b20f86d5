// The kernels over rows of channels, on tensors.
#ifdef DNA_CUDA_KERNELS

#include "kernels.h"
#include "tensors.h"

namespace dna::cuda {

std::tuple<at::Tensor, at::Tensor, at::Tensor> batchNormTraining(const at::Tensor& input, const at::Tensor& scale,
                                                                 const at::Tensor& offset, double epsilon,
                                                                 Activation activation) {
  const OnDevice here(input);
  const at::Tensor x = dense(input), factors = floatVector(scale), offsets = floatVector(offset);
  const RowShape shape = rowShapeOf(x);
  const at::Tensor y = at::empty_like(x), mean = emptyFloats({shape.channels}, x), variance = at::empty_like(mean);
  const at::Tensor scratch = emptyFloats({batchNormScratch(shape)}, x);
  const NormVectors vectors{floats(factors), floats(offsets), mutableFloats(mean), mutableFloats(variance),
                            static_cast<float>(epsilon)};
  launchBatchNormTraining(shape, x.const_data_ptr(), vectors, fusedOf(activation), y.mutable_data_ptr(),
                          mutableFloats(scratch), here.stream());
  return {y, mean, variance};
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> batchNormTrainingGrad(const at::Tensor& gradient,
                                                                     const at::Tensor& input, const BatchNorm& norm,
                                                                     Activation activation) {
  const OnDevice here(input);
  const at::Tensor x = dense(input), dy = sameType(gradient, x);
  const at::Tensor scale = floatVector(norm.scale), offset = floatVector(norm.offset);
  const at::Tensor mean = floatVector(norm.mean), variance = floatVector(norm.variance);
  const RowShape shape = rowShapeOf(x);
  const at::Tensor dx = at::empty_like(x), dscale = at::empty_like(mean), doffset = at::empty_like(mean);
  const at::Tensor scratch = emptyFloats({batchNormScratch(shape)}, x);
  // The gradient only reads the statistics.
  const NormVectors vectors{floats(scale), floats(offset), const_cast<float*>(floats(mean)),
                            const_cast<float*>(floats(variance)), static_cast<float>(norm.epsilon)};
  launchBatchNormTrainingGrad(shape, dy.const_data_ptr(), x.const_data_ptr(), vectors, fusedOf(activation),
                              dx.mutable_data_ptr(), mutableFloats(dscale), mutableFloats(doffset),
                              mutableFloats(scratch), here.stream());
  return {dx, dscale, doffset};
}

at::Tensor scaleShift(const at::Tensor& input, const at::Tensor& scale, const at::Tensor& shift,
                      Activation activation) {
  const OnDevice here(input);
  const at::Tensor x = dense(input), y = at::empty_like(x);
  const at::Tensor factors = scale.defined() ? floatVector(scale) : scale;
  const at::Tensor offsets = shift.defined() ? floatVector(shift) : shift;
  launchScaleShift(rowShapeOf(x), x.const_data_ptr(), floats(factors), floats(offsets), fusedOf(activation),
                   y.mutable_data_ptr(), here.stream());
  return y;
}

at::Tensor activate(const at::Tensor& input, Activation activation) {
  const OnDevice here(input);
  const at::Tensor x = dense(input), y = at::empty_like(x);
  launchActivate(x.numel(), storageOf(x), x.const_data_ptr(), fusedOf(activation), y.mutable_data_ptr(), here.stream());
  return y;
}

at::Tensor activateGrad(const at::Tensor& gradient, const at::Tensor& input, Activation activation) {
  const OnDevice here(input);
  const at::Tensor x = dense(input), dy = sameType(gradient, x), dx = at::empty_like(x);
  launchActivateGrad(x.numel(), storageOf(x), dy.const_data_ptr(), x.const_data_ptr(), fusedOf(activation),
                     dx.mutable_data_ptr(), here.stream());
  return dx;
}

at::Tensor globalMean(const at::Tensor& input) {
  const OnDevice here(input);
  const at::Tensor x = dense(input);
  const ImageShape shape = imageShapeOf(x);
  const at::Tensor mean = emptyFloats({shape.images, shape.channels}, x);
  const at::Tensor scratch = emptyFloats({imageSumScratch(shape)}, x);
  launchGlobalMean(shape, x.const_data_ptr(), mutableFloats(mean), mutableFloats(scratch), here.stream());
  return mean;
}

at::Tensor globalMeanGrad(const at::Tensor& dmean, at::IntArrayRef inputShape, at::ScalarType type) {
  const OnDevice here(dmean);
  const at::Tensor gradient = floatVector(dmean), dx = at::empty(inputShape, dmean.options().dtype(type));
  launchGlobalMeanGrad(imageShapeOf(dx), floats(gradient), dx.mutable_data_ptr(), here.stream());
  return dx;
}

at::Tensor channelGate(const at::Tensor& input, const at::Tensor& gate, const at::Tensor& shift) {
  const OnDevice here(input);
  const at::Tensor x = dense(input), gates = floatVector(gate), y = at::empty_like(x);
  const at::Tensor shifts = shift.defined() ? floatVector(shift) : shift;
  launchChannelGate(imageShapeOf(x), x.const_data_ptr(), floats(gates), floats(shifts), y.mutable_data_ptr(),
                    here.stream());
  return y;
}

at::Tensor channelDot(const at::Tensor& one, const at::Tensor& other) {
  const OnDevice here(one);
  const at::Tensor a = dense(one), b = sameType(other, a);
  const ImageShape shape = imageShapeOf(a);
  const at::Tensor dot = emptyFloats({shape.images, shape.channels}, a);
  const at::Tensor scratch = emptyFloats({imageSumScratch(shape)}, a);
  launchChannelDot(shape, a.const_data_ptr(), b.const_data_ptr(), mutableFloats(dot), mutableFloats(scratch),
                   here.stream());
  return dot;
}

std::tuple<at::Tensor, at::Tensor> channelGateGrad(const at::Tensor& gradient, const at::Tensor& input,
                                                   const at::Tensor& gate) {
  const OnDevice here(input);
  const at::Tensor x = dense(input), dy = sameType(gradient, x), gates = floatVector(gate);
  const ImageShape shape = imageShapeOf(x);
  const at::Tensor dx = at::empty_like(x), dgate = emptyFloats({shape.images, shape.channels}, x);
  const at::Tensor scratch = emptyFloats({imageSumScratch(shape)}, x);
  launchChannelGateGrad(shape, dy.const_data_ptr(), x.const_data_ptr(), floats(gates), dx.mutable_data_ptr(),
                        mutableFloats(dgate), mutableFloats(scratch), here.stream());
  return {dx, dgate};
}

at::Tensor squaredError(const at::Tensor& output, const at::Tensor& wanted) {
  const OnDevice here(output);
  const at::Tensor y = dense(output), target = sameType(wanted, y), loss = emptyFloats({}, y);
  const at::Tensor scratch = emptyFloats({squaredErrorScratch(y.numel())}, y);
  launchSquaredError(y.numel(), storageOf(y), y.const_data_ptr(), target.const_data_ptr(), mutableFloats(loss),
                     mutableFloats(scratch), here.stream());
  return loss;
}

at::Tensor squaredErrorGrad(const at::Tensor& dloss, const at::Tensor& output, const at::Tensor& wanted) {
  const OnDevice here(output);
  const at::Tensor y = dense(output), target = sameType(wanted, y), gradient = floatVector(dloss);
  const at::Tensor dy = at::empty_like(y);
  launchSquaredErrorGrad(y.numel(), storageOf(y), floats(gradient), y.const_data_ptr(), target.const_data_ptr(),
                         dy.mutable_data_ptr(), here.stream());
  return dy;
}

}  // namespace dna::cuda

#endif
