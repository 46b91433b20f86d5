import type { KernelName } from 'dna-nas/nn';
import type { TorchKernel } from '../../torch-kernel.js';
import { IN_PLACE_KERNELS } from './in-place.js';
import { MB_CONVS } from './mb-conv.js';
import { namedKernel } from './named-kernel.js';

/** Those whose op takes tensors and attributes one by one. */
const PLAIN = [
  ...['MatMul', 'MatMulGradA', 'MatMulGradB'],
  ...['Conv2d', 'Conv2dGradInput', 'Conv2dGradFilter', 'Conv2dBias'],
  ...['DepthwiseConv2d', 'DepthwiseConv2dGradInput', 'DepthwiseConv2dGradFilter'],
  ...['DepthwiseConv2dBias', 'BatchNormTraining', 'BatchNormTrainingGrad', 'ScaleShift'],
  ...['Activate', 'ActivateGrad', 'GlobalMean', 'GlobalMeanGrad'],
  ...['ChannelGate', 'ChannelGateGrad', 'ChannelGateShift', 'ChannelDot'],
  ...['SquaredError', 'SquaredErrorGrad', 'SoftmaxCrossEntropy'],
] as const satisfies readonly KernelName[];

/** Our named kernels. */
export const NAMED_KERNELS: readonly TorchKernel[] = [
  ...PLAIN.map((name) => namedKernel(name)),
  ...MB_CONVS,
  ...IN_PLACE_KERNELS,
];
