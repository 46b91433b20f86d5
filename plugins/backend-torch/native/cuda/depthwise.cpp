// Depthwise convolution, on tensors.
#ifdef DNA_CUDA_KERNELS

#include "kernels.h"
#include "tensors.h"

namespace dna::cuda {

namespace {

DepthwiseShape shapeOf(at::IntArrayRef input, at::IntArrayRef output, int64_t kernel, const DepthwiseOptions& options,
                       Storage storage) {
  return {input[0],
          input[1],
          input[2],
          input[3],
          output[1],
          output[2],
          static_cast<int>(kernel),
          static_cast<int>(options.stride),
          static_cast<int>(options.padTop),
          static_cast<int>(options.padLeft),
          storage};
}

// An op that did not ask `hasDepthwise` first must not get a wrong result.
void requireTaken(const DepthwiseShape& shape) {
  if (!hasDepthwise(shape)) throw UsageError("a depthwise convolution that the CUDA kernels do not take");
}

}  // namespace

bool hasDepthwise(const at::Tensor& activations, at::IntArrayRef filterShape, at::IntArrayRef strides,
                  at::IntArrayRef padding, at::IntArrayRef dilations) {
  const int64_t kernel = filterShape[0];
  if (filterShape[1] != kernel || strides[0] != strides[1] || dilations[0] != 1 || dilations[1] != 1) return false;
  const OnDevice here(activations);
  DepthwiseShape shape{};
  shape.channels = filterShape[2];
  shape.kernel = static_cast<int>(kernel);
  shape.stride = static_cast<int>(strides[0]);
  shape.padTop = static_cast<int>(padding[0]);
  shape.padLeft = static_cast<int>(padding[2]);
  // Which takes the most memory, so that an op and its gradients choose alike.
  shape.storage = Storage::Float32;
  return hasDepthwise(shape);
}

at::Tensor depthwiseConv2d(const at::Tensor& input, const at::Tensor& filter, const at::Tensor& bias,
                           Activation activation, at::IntArrayRef outSize, const DepthwiseOptions& options) {
  const OnDevice here(input);
  const at::Tensor x = dense(input), taps = floatVector(filter);
  const at::Tensor offset = bias.defined() ? floatVector(bias) : bias;
  const at::Tensor y = at::empty({x.size(0), outSize[0], outSize[1], x.size(3)}, x.options());
  const DepthwiseShape shape = shapeOf(x.sizes(), y.sizes(), filter.size(0), options, storageOf(x));
  requireTaken(shape);
  launchDepthwiseConv2d(shape, x.const_data_ptr(), floats(taps), floats(offset), fusedOf(activation),
                        y.mutable_data_ptr(), here.stream());
  return y;
}

at::Tensor depthwiseConv2dGradInput(const at::Tensor& gradient, const at::Tensor& filter, at::IntArrayRef inputShape,
                                    const DepthwiseOptions& options) {
  const OnDevice here(gradient);
  const at::Tensor dy = dense(gradient), taps = floatVector(filter);
  const at::Tensor dx = at::empty(inputShape, dy.options());
  const DepthwiseShape shape = shapeOf(inputShape, dy.sizes(), filter.size(0), options, storageOf(dy));
  requireTaken(shape);
  launchDepthwiseConv2dGrad(shape, dy.const_data_ptr(), nullptr, floats(taps), dx.mutable_data_ptr(), nullptr, nullptr,
                            here.stream());
  return dx;
}

at::Tensor depthwiseConv2dGradFilter(const at::Tensor& gradient, const at::Tensor& input, at::IntArrayRef filterShape,
                                     const DepthwiseOptions& options) {
  const OnDevice here(input);
  const at::Tensor x = dense(input), dy = sameType(gradient, x), dfilter = emptyFloats(filterShape, x);
  const DepthwiseShape shape = shapeOf(x.sizes(), dy.sizes(), filterShape[0], options, storageOf(x));
  requireTaken(shape);
  const at::Tensor scratch = emptyFloats({depthwiseGradScratch(shape)}, x);
  launchDepthwiseConv2dGrad(shape, dy.const_data_ptr(), x.const_data_ptr(), nullptr, nullptr, mutableFloats(dfilter),
                            mutableFloats(scratch), here.stream());
  return dfilter;
}

}  // namespace dna::cuda

#endif
