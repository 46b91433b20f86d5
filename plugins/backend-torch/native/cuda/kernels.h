// Our CUDA kernels on tensors, for the ops' `x.is_cuda()` branches; there where DNA_CUDA_KERNELS is defined.
//
// Activations (`x`, `y`, `dy`) are float32 or bf16 and stay what they are; vectors and filters are taken as float32
// whatever they are stored in, and come as float32. Inputs need not be contiguous; shapes are the caller's to check.
#pragma once

#include <tuple>
#include <vector>

#include "../torch.h"

namespace dna {

enum class Activation : int64_t;

namespace cuda {

// → y, mean [c], variance [c] (biased).
std::tuple<at::Tensor, at::Tensor, at::Tensor> batchNormTraining(const at::Tensor& x, const at::Tensor& scale,
                                                                 const at::Tensor& offset, double epsilon,
                                                                 Activation activation);
// What the gradient needs of the forward pass, [c] each.
struct BatchNorm {
  at::Tensor scale, offset, mean, variance;
  double epsilon;
};
// → dx, dscale [c], doffset [c].
std::tuple<at::Tensor, at::Tensor, at::Tensor> batchNormTrainingGrad(const at::Tensor& dy, const at::Tensor& x,
                                                                     const BatchNorm& norm, Activation activation);

// activation(x · scale + shift); an undefined scale is 1, an undefined shift 0.
at::Tensor scaleShift(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift, Activation activation);
at::Tensor activate(const at::Tensor& x, Activation activation);
at::Tensor activateGrad(const at::Tensor& dy, const at::Tensor& x, Activation activation);

// x [n, h, w, c] → [n, c], float32.
at::Tensor globalMean(const at::Tensor& x);
// dmean [n, c] → [n, h, w, c] in the type wanted.
at::Tensor globalMeanGrad(const at::Tensor& dmean, at::IntArrayRef inputShape, at::ScalarType type);
// x [n, h, w, c] · gate [n, c] + shift [n, c]; an undefined shift is 0.
at::Tensor channelGate(const at::Tensor& x, const at::Tensor& gate, const at::Tensor& shift = {});
// → dx, dgate [n, c], float32.
std::tuple<at::Tensor, at::Tensor> channelGateGrad(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& gate);
// a, b [n, h, w, c] → [n, c], float32: the sums over positions of a · b.
at::Tensor channelDot(const at::Tensor& a, const at::Tensor& b);

// → [], float32.
at::Tensor squaredError(const at::Tensor& y, const at::Tensor& target);
at::Tensor squaredErrorGrad(const at::Tensor& dloss, const at::Tensor& y, const at::Tensor& target);

// Lists as `nn/kernels.ts` lays them out: inputs parameter, gradient, slots…, parameter, …; outputs without gradients.
struct OptimiserStep {
  double learningRate;
  std::vector<double> weightDecay;
};
struct AdamOptions {
  double beta1, beta2, epsilon;
  std::vector<double> steps;
};
struct SgdOptions {
  double momentum;
  bool nesterov;
};
struct RmspropOptions {
  double decay, momentum, epsilon;
};
std::vector<at::Tensor> adamStep(const std::vector<at::Tensor>& tensors, const OptimiserStep& step,
                                 const AdamOptions& options);
std::vector<at::Tensor> sgdStep(const std::vector<at::Tensor>& tensors, const OptimiserStep& step,
                                const SgdOptions& options);
std::vector<at::Tensor> rmspropStep(const std::vector<at::Tensor>& tensors, const OptimiserStep& step,
                                    const RmspropOptions& options);
// old0, fresh0, old1, fresh1, … → old0 · keep + fresh0 · shares[0], …
std::vector<at::Tensor> blend(const std::vector<at::Tensor>& tensors, double keep, const std::vector<double>& shares);

// Top and left; what lies beyond the other edges follows from the output's size.
struct DepthwiseOptions {
  int64_t stride;
  int64_t padTop, padLeft;
};
// Whether the kernels below take these activations with a filter of this shape [k, k, c, 1]: k is 3, 5 or 7, both strides
// equal and 1 or 2, no dilation, less padding (top, bottom, left, right) than k, and the activations' GPU has the shared
// memory.
bool hasDepthwise(const at::Tensor& activations, at::IntArrayRef filterShape, at::IntArrayRef strides,
                  at::IntArrayRef padding, at::IntArrayRef dilations);
// x [n, h, w, c] → activation(convolution + bias) [n, outHeight, outWidth, c]; the bias may be undefined.
at::Tensor depthwiseConv2d(const at::Tensor& x, const at::Tensor& filter, const at::Tensor& bias, Activation activation,
                           at::IntArrayRef outSize, const DepthwiseOptions& options);
at::Tensor depthwiseConv2dGradInput(const at::Tensor& dy, const at::Tensor& filter, at::IntArrayRef inputShape,
                                    const DepthwiseOptions& options);
at::Tensor depthwiseConv2dGradFilter(const at::Tensor& dy, const at::Tensor& x, at::IntArrayRef filterShape,
                                     const DepthwiseOptions& options);

}  // namespace cuda

}  // namespace dna
