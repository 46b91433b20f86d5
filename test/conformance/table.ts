import type { KernelName } from 'dna-nas/nn/kernels';
import { blendCases } from './ops/blend.js';
import { conv2dBiasCases, depthwiseConv2dBiasCases } from './ops/convolution-bias.js';
import { conv2dCases, depthwiseConv2dCases, matMulCases } from './ops/convolutions.js';
import {
  activateCases,
  channelGateCases,
  dropCases,
  globalMeanCases,
  squeezeExciteCases,
} from './ops/elementwise.js';
import { featureLossCases, softmaxCrossEntropyCases } from './ops/losses.js';
import { mbConvTrainingCases } from './ops/mb-conv.js';
import { mbConvFoldedCases } from './ops/mb-conv-folded.js';
import { batchNormCases, batchNormTrainingCases, scaleShiftCases } from './ops/normalisation.js';
import { optimiserCases } from './ops/optimisers.js';

/** Every op by its name: its values and gradients on many shapes. */
export const OPS = {
  matMul: matMulCases,
  conv2d: conv2dCases,
  conv2dBias: conv2dBiasCases,
  depthwiseConv2d: depthwiseConv2dCases,
  depthwiseConv2dBias: depthwiseConv2dBiasCases,
  batchNorm: batchNormCases,
  batchNormTraining: batchNormTrainingCases,
  scaleShift: scaleShiftCases,
  activate: activateCases,
  globalMean: globalMeanCases,
  channelGate: channelGateCases,
  squeezeExcite: squeezeExciteCases,
  'dropout and dropConnect': dropCases,
  'feature losses': featureLossCases,
  softmaxCrossEntropy: softmaxCrossEntropyCases,
  mbConvTraining: mbConvTrainingCases,
  mbConvFolded: mbConvFoldedCases,
  blend: blendCases,
  optimisers: optimiserCases,
} as const satisfies Readonly<Record<string, () => void>>;

/**
 * Each kernel and the op whose cases must make it run where a backend has it. A kernel without a row does not compile,
 * and fails every backend's suite.
 */
export const ROWS: Readonly<Record<KernelName, keyof typeof OPS>> = {
  MatMul: 'matMul',
  MatMulGradA: 'matMul',
  MatMulGradB: 'matMul',
  Conv2d: 'conv2d',
  Conv2dGradInput: 'conv2d',
  Conv2dGradFilter: 'conv2d',
  Conv2dBias: 'conv2dBias',
  DepthwiseConv2d: 'depthwiseConv2d',
  DepthwiseConv2dGradInput: 'depthwiseConv2d',
  DepthwiseConv2dGradFilter: 'depthwiseConv2d',
  DepthwiseConv2dBias: 'depthwiseConv2dBias',
  BatchNormTraining: 'batchNormTraining',
  BatchNormTrainingGrad: 'batchNormTraining',
  ScaleShift: 'scaleShift',
  Activate: 'activate',
  ActivateGrad: 'activate',
  GlobalMean: 'globalMean',
  GlobalMeanGrad: 'globalMean',
  ChannelGate: 'channelGate',
  ChannelGateGrad: 'channelGate',
  ChannelGateShift: 'squeezeExcite',
  ChannelDot: 'squeezeExcite',
  SquaredError: 'feature losses',
  SquaredErrorGrad: 'feature losses',
  SoftmaxCrossEntropy: 'softmaxCrossEntropy',
  MbConvTraining: 'mbConvTraining',
  MbConvTrainingGrad: 'mbConvTraining',
  MbConvFolded: 'mbConvFolded',
  Blend: 'blend',
  AdamStep: 'optimisers',
  SgdStep: 'optimisers',
  RmspropStep: 'optimisers',
};
