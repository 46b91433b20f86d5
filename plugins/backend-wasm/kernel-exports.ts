/**
 * What `kernels/index.ts` exports, each with its parameters in their order: inputs and outputs are byte offsets, steps
 * bytes, other integers count floats, rows, images.
 */
export const EXPORTS = {
  activate: ['x', 'y', 'size', 'kind'],
  activateGrad: ['dy', 'x', 'dx', 'size', 'kind'],
  adamStep: [
    ...['parameter', 'gradient', 'first', 'second', 'newParameter', 'newFirst', 'newSecond', 'size'],
    ...['rate', 'secondCorrection', 'decay', 'beta1', 'oneMinusBeta1', 'beta2', 'oneMinusBeta2', 'epsilon'],
  ],
  batchNormStatistics: ['x', 'rows', 'channels', 'mean', 'variance', 'scratch'],
  batchNormApply: [
    ...['x', 'y', 'rows', 'channels', 'scale', 'offset', 'mean', 'variance', 'epsilon', 'kind', 'scratch'],
  ],
  batchNormGrad: [
    ...['dy', 'x', 'rows', 'channels', 'scale', 'offset', 'mean', 'variance', 'epsilon', 'kind', 'dx'],
    ...['dscale', 'doffset', 'scratch'],
  ],
  channelGate: ['x', 'gate', 'y', 'batch', 'pixels', 'channels'],
  channelGateGrad: ['dy', 'x', 'gate', 'dx', 'dgate', 'batch', 'pixels', 'channels'],
  col2im: ['columns', 'sizes', 'first', 'count', 'x'],
  depthwiseCorrelate: [
    ...['x', 'y', 'filter', 'taps', 'planeSizes', 'phases', 'phaseCount', 'scratch', 'batch', 'outFloats'],
  ],
  depthwiseGradFilter: [
    ...['x', 'dy', 'sums', 'taps', 'table', 'xSizes', 'dySizes', 'xRowStep', 'xScratch', 'dyScratch'],
    ...['imageSums', 'batch'],
  ],
  globalMean: ['x', 'y', 'batch', 'pixels', 'channels'],
  globalMeanGrad: ['dy', 'dx', 'batch', 'pixels', 'channels'],
  im2col: ['x', 'sizes', 'first', 'count', 'columns'],
  matMul: ['a', 'aStep', 'panels', 'c', 'cStep', 'm', 'n', 'k'],
  matMulGradB: ['a', 'aStep', 'dy', 'dyStep', 'tiles', 'packed', 'm', 'n', 'k'],
  packDepthwiseFilter: ['filter', 'taps', 'channels', 'packed'],
  packPanels: ['matrix', 'rowStep', 'columnStep', 'k', 'n', 'panels'],
  rmspropStep: [
    ...['parameter', 'gradient', 'meanSquare', 'buffer', 'newParameter', 'newMeanSquare', 'newBuffer'],
    ...['size', 'rate', 'weightDecay', 'decay', 'oneMinusDecay', 'momentum', 'epsilon'],
  ],
  scaleShift: ['x', 'y', 'rows', 'channels', 'scale', 'shift', 'kind'],
  sgdStep: [
    ...['parameter', 'gradient', 'buffer', 'newParameter', 'newBuffer', 'size', 'rate', 'decay'],
    ...['momentum', 'nesterov'],
  ],
  squaredError: ['y', 'target', 'loss', 'size'],
  squaredErrorGrad: ['dloss', 'y', 'target', 'dy', 'size'],
  unpackDepthwiseFilter: ['packed', 'taps', 'channels', 'filter'],
  unpackTiles: ['tiles', 'out', 'k', 'n'],
} as const;

/** The exports, called by the names of their parameters. */
export type KernelExports = {
  readonly [Name in keyof typeof EXPORTS]: (
    given: Readonly<Record<(typeof EXPORTS)[Name][number], number>>,
  ) => void;
};
