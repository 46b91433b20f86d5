/**
 * Everything that the module exports: pure functions of byte offsets and sizes on tfjs's own memory. Nothing here may
 * need static data, a global, an allocation or a start function: such memory would lie inside tfjs's own data.
 */
export { activate, activateGrad } from './activate';
export { adamStep } from './adam-step';
export { batchNormApply, batchNormStatistics } from './batch-norm-training';
export { batchNormGrad } from './batch-norm-training-grad';
export { channelGate, channelGateGrad } from './channel-gate';
export { depthwiseCorrelate, packDepthwiseFilter, unpackDepthwiseFilter } from './depthwise-conv2d';
export { depthwiseGradFilter } from './depthwise-conv2d-grad-filter';
export { globalMean, globalMeanGrad } from './global-mean';
export { col2im, im2col } from './im2col';
export { matMul } from './mat-mul';
export { matMulGradB, unpackTiles } from './mat-mul-grad-b';
export { packPanels } from './panels';
export { rmspropStep } from './rmsprop-step';
export { scaleShift } from './scale-shift';
export { sgdStep } from './sgd-step';
export { squaredError, squaredErrorGrad } from './squared-error';
