/** Ops on tensors with gradients: compositions of tfjs ops that a backend may have a kernel for. */
export { absoluteError } from './absolute-error.js';
export { activate, relu6, swish } from './activate.js';
export { type BatchNormOptions, type BatchNormVectors, batchNorm } from './batch-norm.js';
export { type BatchNormTrainingResult, batchNormTraining } from './batch-norm-training.js';
export { type BlendPair, blend } from './blend.js';
export { channelGate } from './channel-gate.js';
export { conv2d } from './conv2d.js';
export {
  type ConvolutionOptions,
  convolutionOutput,
  type Padding,
  type ResolvedConvolution,
  resolveConvolution,
  resolvePadding,
} from './convolution.js';
export { type ConvolutionBiasOptions, conv2dBias, depthwiseConv2dBias } from './convolution-bias.js';
export { cosineDistance } from './cosine-distance.js';
export { depthwiseConv2d } from './depthwise-conv2d.js';
export { dropConnect, dropout } from './dropout.js';
export { globalMean } from './global-mean.js';
export { matMul, matMulGradientOfA, matMulGradientOfB } from './mat-mul.js';
export {
  type BiasedFilter,
  type MbConvFoldedOptions,
  type MbConvFoldedWeights,
  mbConvFolded,
} from './mb-conv-folded.js';
export {
  type MbConvTrainingOptions,
  type MbConvTrainingResult,
  type MbConvWeights,
  mbConvTraining,
  type NormStatistics,
  type NormWeights,
} from './mb-conv-training.js';
export { relativeL1 } from './relative-l1.js';
export { scaleShift } from './scale-shift.js';
export { softmaxCrossEntropy } from './softmax-cross-entropy.js';
export { squaredError } from './squared-error.js';
export { type SqueezeExciteWeights, squeezeExcite } from './squeeze-excite.js';
export { withoutGradient } from './without-gradient.js';
