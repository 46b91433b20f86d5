import type { KernelName } from 'dna-nas/nn/kernels';
import type { TorchKernel } from '../../torch-kernel.js';
import { IN_PLACE_KERNELS } from './in-place.js';
import { MB_CONVS } from './mb-conv.js';
import { namedKernel } from './named-kernel.js';

/** Convolutions and products of matrices, which libtorch has on every device. */
const EVERYWHERE = [
  ...['MatMul', 'MatMulGradA', 'MatMulGradB'],
  ...['Conv2d', 'Conv2dGradInput', 'Conv2dGradFilter'],
  ...['DepthwiseConv2d', 'DepthwiseConv2dGradInput', 'DepthwiseConv2dGradFilter'],
] as const satisfies readonly KernelName[];

/** Those of which libtorch has none: where ours are missing, compositions run. */
const OURS = [
  ...['Conv2dBias', 'DepthwiseConv2dBias', 'BatchNormTraining', 'BatchNormTrainingGrad', 'ScaleShift'],
  ...['Activate', 'ActivateGrad', 'GlobalMean', 'GlobalMeanGrad'],
  ...['ChannelGate', 'ChannelGateGrad', 'ChannelGateShift', 'ChannelDot'],
  ...['SquaredError', 'SquaredErrorGrad', 'SoftmaxCrossEntropy'],
] as const satisfies readonly KernelName[];

/** Our named kernels. */
export const NAMED_KERNELS: readonly TorchKernel[] = [
  ...EVERYWHERE.map((name) => namedKernel(name)),
  ...[...OURS.map((name) => namedKernel(name)), ...IN_PLACE_KERNELS].map(needsOurs),
  ...MB_CONVS,
];

function needsOurs(kernel: TorchKernel): TorchKernel {
  return { ...kernel, needs: 'our kernels' };
}
