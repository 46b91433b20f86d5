// What the `.cu` files offer: launches on raw pointers, without libtorch, so that they compile fast and with any nvcc.
//
// All pointers are to device memory, all tensors dense with the channels innermost. Activations begin at multiples of
// ACTIVATION_ALIGNMENT bytes; a launcher throws where one does not. Scratch is float32, of as many elements as the
// function beside tells, and need not be cleared. Every result has the same bits at every launch: sums are taken in an
// order that depends on shapes, without atomics. It has the same bits on every card too, except for depthwise filter
// gradients on cards whose blocks have less than 75 KB of shared memory (Turing): their tiles are smaller.
#pragma once

#include <cstddef>
#include <cstdint>

struct CUstream_st;

namespace dna::cuda {

using Stream = CUstream_st*;

// What one access moves.
constexpr uintptr_t ACTIVATION_ALIGNMENT = 16;
inline bool isAligned(const void* activation) {
  return reinterpret_cast<uintptr_t>(activation) % ACTIVATION_ALIGNMENT == 0;
}

// How activations are stored; scales, statistics, filters and the optimisers' tensors are float32.
enum class Storage : int32_t { Float32 = 0, Bfloat16 = 1 };

// As `dna::Activation` numbers them.
enum class Fused : int64_t { None = 0, Relu = 1, Relu6 = 2, Swish = 3, Sigmoid = 4 };

// rows × channels, or images × positions × channels.
struct RowShape {
  int64_t rows;
  int64_t channels;
  Storage storage;
};
struct ImageShape {
  int64_t images;
  int64_t positions;
  int64_t channels;
  Storage storage;
};

// batch-norm-training.cu
struct NormVectors {
  const float* scale;
  const float* offset;
  // Written by the forward pass, read by the gradient.
  float* mean;
  float* variance;
  float epsilon;
};
int64_t batchNormScratch(const RowShape& shape);
void launchBatchNormTraining(const RowShape& shape, const void* x, const NormVectors& vectors, Fused activation,
                             void* y, float* scratch, Stream stream);
void launchBatchNormTrainingGrad(const RowShape& shape, const void* dy, const void* x, const NormVectors& vectors,
                                 Fused activation, void* dx, float* dscale, float* doffset, float* scratch,
                                 Stream stream);

// scale-shift.cu: activation(x · scale + shift) a channel; a null scale is 1, a null shift 0.
void launchScaleShift(const RowShape& shape, const void* x, const float* scale, const float* shift, Fused activation,
                      void* y, Stream stream);

// activate.cu
void launchActivate(int64_t count, Storage storage, const void* x, Fused activation, void* y, Stream stream);
void launchActivateGrad(int64_t count, Storage storage, const void* dy, const void* x, Fused activation, void* dx,
                        Stream stream);

// global-mean.cu: x [images, positions, channels] → mean [images, channels], float32.
int64_t imageSumScratch(const ImageShape& shape);
void launchGlobalMean(const ImageShape& shape, const void* x, float* mean, float* scratch, Stream stream);
void launchGlobalMeanGrad(const ImageShape& shape, const float* dmean, void* dx, Stream stream);

// channel-gate.cu: x · gate + shift; gate, shift and dgate [images, channels], a null shift 0.
void launchChannelGate(const ImageShape& shape, const void* x, const float* gate, const float* shift, void* y,
                       Stream stream);
void launchChannelGateGrad(const ImageShape& shape, const void* dy, const void* x, const float* gate, void* dx,
                           float* dgate, float* scratch, Stream stream);
// The sums of one · other over each image's positions.
void launchChannelDot(const ImageShape& shape, const void* one, const void* other, float* dot, float* scratch,
                      Stream stream);

// squared-error.cu: the mean of (y − target)², and dloss · 2 (y − target) / count.
int64_t squaredErrorScratch(int64_t count);
void launchSquaredError(int64_t count, Storage storage, const void* y, const void* target, float* loss, float* scratch,
                        Stream stream);
void launchSquaredErrorGrad(int64_t count, Storage storage, const float* dloss, const void* y, const void* target,
                            void* dy, Stream stream);

// One parameter's part of a step; slots that a rule does not have are null. Outputs may not be inputs.
struct OptimiserTensor {
  const float* parameter;
  const void* gradient;
  const float* slots[2];
  float* newParameter;
  float* newSlots[2];
  int64_t count;
  Storage gradientStorage;
  float weightDecay;
  // Adam's: learning rate / (1 − beta1^step), and 1 / √(1 − beta2^step). A blend's share is the sum of both: it needs
  // more digits than a float32 has.
  float rate;
  float rootFactor;
};
struct AdamRule {
  float beta1, oneMinusBeta1, beta2, oneMinusBeta2, epsilon;
};
struct BlendRule {
  double keep;
};
struct SgdRule {
  float learningRate, momentum;
  bool nesterov;
};
struct RmspropRule {
  float learningRate, decay, oneMinusDecay, momentum, epsilon;
};
// adam-step.cu, sgd-step.cu, rmsprop-step.cu, blend.cu: all tensors in as few launches as their table allows.
void launchAdamStep(const OptimiserTensor* tensors, size_t count, const AdamRule& rule, Stream stream);
void launchSgdStep(const OptimiserTensor* tensors, size_t count, const SgdRule& rule, Stream stream);
void launchRmspropStep(const OptimiserTensor* tensors, size_t count, const RmspropRule& rule, Stream stream);
// Moving averages: parameter · keep + gradient · share.
void launchBlend(const OptimiserTensor* tensors, size_t count, const BlendRule& rule, Stream stream);

// x [images, height, width, channels], filter [kernel, kernel, channels], y [images, outHeight, outWidth, channels].
struct DepthwiseShape {
  int64_t images, height, width, channels, outHeight, outWidth;
  int kernel;  // 3, 5 or 7
  int stride;  // 1 or 2
  int padTop, padLeft;
  Storage storage;
};
// Whether the current device takes it: of the shape, only kernel, stride, padding, channels and storage matter.
bool hasDepthwise(const DepthwiseShape& shape);
// depthwise-conv2d.cu: activation(convolution + bias); bias [channels] may be null.
void launchDepthwiseConv2d(const DepthwiseShape& shape, const void* x, const float* filter, const float* bias,
                           Fused activation, void* y, Stream stream);
// depthwise-conv2d-grad.cu: both gradients from one read of dy; a null dx or dfilter is left out, and then filter or x
// may be null too.
int64_t depthwiseGradScratch(const DepthwiseShape& shape);
void launchDepthwiseConv2dGrad(const DepthwiseShape& shape, const void* dy, const void* x, const float* filter,
                               void* dx, float* dfilter, float* scratch, Stream stream);

}  // namespace dna::cuda
