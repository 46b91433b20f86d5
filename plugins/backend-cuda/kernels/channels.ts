import type { NativeTensor } from '../binding.js';
import { type CudaKernel, cudaKernel, type KernelCall } from '../cuda-kernel.js';
import { hasOwnOps, ownOp } from './own-ops.js';

const POSITIONS = [1, 2];

const size = ({ shape }: NativeTensor) => shape.reduce((product, extent) => product * extent, 1);

/** [n, c] → [n, 1, 1, c] */
function overPositions(call: KernelCall, gate: NativeTensor): NativeTensor {
  const [batch, channels] = gate.shape as [number, number];
  return call.op('Reshape', [gate, call.integers([batch, 1, 1, channels])]);
}

/** The sum over positions of a · b. */
function dot(call: KernelCall, a: NativeTensor, b: NativeTensor): NativeTensor {
  if (hasOwnOps(call)) return ownOp(call, 'ChannelDot', { a, b });
  return call.op('Sum', [call.op('Mul', [a, b]), call.integers(POSITIONS)]);
}

function gated(call: KernelCall, x: NativeTensor, gate: NativeTensor): NativeTensor {
  if (hasOwnOps(call)) return ownOp(call, 'ChannelGateShift', { x, gate, shift: call.vector(0, size(gate)) });
  return call.op('Mul', [x, overPositions(call, gate)]);
}

const globalMean = cudaKernel('GlobalMean', (call, { x }) =>
  hasOwnOps(call) ? ownOp(call, 'GlobalMean', { x }) : call.op('Mean', [x, call.integers(POSITIONS)]),
);

const globalMeanGrad = cudaKernel('GlobalMeanGrad', (call, { dy }, { inputShape }) => {
  const share = call.op('Mul', [dy, call.scalar(1 / (inputShape[1]! * inputShape[2]!))]);
  const shaped = overPositions(call, { ...share, shape: [inputShape[0]!, inputShape[3]!] });
  return call.op('BroadcastTo', [shaped, call.integers(inputShape)]);
});

const channelGate = cudaKernel('ChannelGate', (call, { x, gate }) => gated(call, x, gate));

const channelGateGrad = cudaKernel('ChannelGateGrad', (call, { dy, x, gate }) => ({
  dx: gated(call, dy, gate),
  dgate: dot(call, dy, x),
}));

const channelGateShift = cudaKernel('ChannelGateShift', (call, inputs) => {
  if (hasOwnOps(call)) return ownOp(call, 'ChannelGateShift', inputs);
  const { x, gate, shift } = inputs;
  return call.op('AddV2', [gated(call, x, gate), overPositions(call, shift)]);
});

const channelDot = cudaKernel('ChannelDot', (call, { a, b }) => dot(call, a, b));

const squaredError = cudaKernel('SquaredError', (call, { y, target }) => {
  const squares = call.op('SquaredDifference', [y, target]);
  return call.op('Mean', [squares, call.integers([...y.shape.keys()])]);
});

const squaredErrorGrad = cudaKernel('SquaredErrorGrad', (call, { dloss, y, target }) => {
  const factor = call.op('Mul', [dloss, call.scalar(2 / size(y))]);
  return call.op('Mul', [call.op('Sub', [y, target]), factor]);
});

export const CHANNELS: readonly CudaKernel[] = [
  ...[globalMean, globalMeanGrad, channelGate, channelGateGrad, channelGateShift, channelDot],
  ...[squaredError, squaredErrorGrad],
];
