/** Layers: modules with timm's names, from a convolution to an MBConv and a classifier's head. */
export {
  BatchNorm,
  type BatchNormLayerOptions,
  type BatchNormSettings,
  normEpsilons,
  restyleBatchNorms,
} from './batch-norm.js';
export type { BiasOptions } from './bias.js';
export { ClassifierHead, type ClassifierHeadOptions } from './classifier-head.js';
export { Conv2d, type Conv2dOptions } from './conv2d.js';
export { ConvolutionNorm, type ConvolutionNormOptions } from './convolution-norm.js';
export { DepthwiseConv2d, type DepthwiseConv2dOptions } from './depthwise-conv2d.js';
export { DepthwiseSeparable, type DepthwiseSeparableOptions } from './depthwise-separable.js';
export { Identity } from './identity.js';
export * as initialisers from './initialisers.js';
export type { LayerStyle } from './layer-style.js';
export { Linear, type LinearOptions } from './linear.js';
export { innerChannels, MBConv, type MBConvOptions } from './mb-conv.js';
export type { PaddingStyle } from './padding.js';
export { Sequential } from './sequential.js';
export { Stem, type StemOptions } from './stem.js';
