import type { WasmOp } from '../wasm-op.js';
import { activate, activateGrad } from './activate.js';
import { adamStep } from './adam-step.js';
import { batchNormTraining, batchNormTrainingGrad } from './batch-norm-training.js';
import { channelGate, channelGateGrad } from './channel-gate.js';
import { conv2d, conv2dGradFilter, conv2dGradInput } from './conv2d.js';
import { depthwiseConv2d, depthwiseConv2dGradFilter, depthwiseConv2dGradInput } from './depthwise-conv2d.js';
import { globalMean, globalMeanGrad } from './global-mean.js';
import { identity } from './identity.js';
import { matMul, matMulGradA, matMulGradB } from './mat-mul.js';
import { rmspropStep } from './rmsprop-step.js';
import { scaleShift } from './scale-shift.js';
import { sgdStep } from './sgd-step.js';
import { squaredError, squaredErrorGrad } from './squared-error.js';
import {
  conv2DBackpropFilter,
  depthwiseConv2dNativeBackpropFilter,
  depthwiseConv2dNativeBackpropInput,
} from './standard-convolutions.js';
import { unsortedSegmentSum } from './unsorted-segment-sum.js';

/** Kernels of tfjs's own ops that its wasm backend lacks and gradients need. */
const STANDARD_OPS: readonly WasmOp[] = [
  conv2DBackpropFilter,
  depthwiseConv2dNativeBackpropFilter,
  depthwiseConv2dNativeBackpropInput,
  unsortedSegmentSum,
];

/** Every kernel that this plugin registers. */
export const WASM_OPS: readonly WasmOp[] = [
  ...[matMul, matMulGradA, matMulGradB],
  ...[conv2d, conv2dGradInput, conv2dGradFilter],
  ...[depthwiseConv2d, depthwiseConv2dGradInput, depthwiseConv2dGradFilter],
  ...[batchNormTraining, batchNormTrainingGrad, scaleShift],
  ...[activate, activateGrad, globalMean, globalMeanGrad, channelGate, channelGateGrad],
  ...[squaredError, squaredErrorGrad, adamStep, sgdStep, rmspropStep],
  ...STANDARD_OPS,
  identity,
];
