import type { NativeTensor } from '../binding.js';
import { type CudaKernel, cudaKernel, cudaListKernel } from '../cuda-kernel.js';
import type { AnyCall } from './activation.js';
import { hasOwnOps } from './own-ops.js';

const POSITIONS = [1, 2];

const size = ({ shape }: NativeTensor) => shape.reduce((product, extent) => product * extent, 1);

/** [n, c] → [n, 1, 1, c] */
function overPositions(call: AnyCall, gate: NativeTensor): NativeTensor {
  const [batch, channels] = gate.shape as [number, number];
  return call.op('Reshape', [gate, call.integers([batch, 1, 1, channels])]);
}

/** The sum over positions of a · b. */
function dot(call: AnyCall, a: NativeTensor, b: NativeTensor): NativeTensor {
  if (hasOwnOps(call)) return call.op('DnaChannelDot', [a, b]);
  return call.op('Sum', [call.op('Mul', [a, b]), call.integers(POSITIONS)]);
}

function gated(call: AnyCall, x: NativeTensor, gate: NativeTensor): NativeTensor {
  if (hasOwnOps(call)) return call.op('DnaChannelGateShift', [x, gate, call.vector(0, size(gate))]);
  return call.op('Mul', [x, overPositions(call, gate)]);
}

const globalMean = cudaKernel('GlobalMean', (call) =>
  hasOwnOps(call)
    ? call.op('DnaGlobalMean', [call.input('x')])
    : call.op('Mean', [call.input('x'), call.integers(POSITIONS)]),
);

const globalMeanGrad = cudaKernel<{ readonly inputShape: number[] }>('GlobalMeanGrad', (call) => {
  const { inputShape } = call.attributes;
  const share = call.op('Mul', [call.input('dy'), call.scalar(1 / (inputShape[1]! * inputShape[2]!))]);
  const shaped = overPositions(call, { ...share, shape: [inputShape[0]!, inputShape[3]!] });
  return call.op('BroadcastTo', [shaped, call.integers(inputShape)]);
});

const channelGate = cudaKernel('ChannelGate', (call) => gated(call, call.input('x'), call.input('gate')));

const channelGateGrad = cudaListKernel('ChannelGateGrad', (call) => {
  const dy = call.input('dy');
  return [gated(call, dy, call.input('gate')), dot(call, dy, call.input('x'))];
});

const channelGateShift = cudaKernel('ChannelGateShift', (call) => {
  const inputs = ['x', 'gate', 'shift'].map((name) => call.input(name));
  if (hasOwnOps(call)) return call.op('DnaChannelGateShift', inputs);
  const scaled = gated(call, call.input('x'), call.input('gate'));
  return call.op('AddV2', [scaled, overPositions(call, call.input('shift'))]);
});

const channelDot = cudaKernel('ChannelDot', (call) => dot(call, call.input('a'), call.input('b')));

const squaredError = cudaKernel('SquaredError', (call) => {
  const y = call.input('y');
  const squares = call.op('SquaredDifference', [y, call.input('target')]);
  return call.op('Mean', [squares, call.integers([...y.shape.keys()])]);
});

const squaredErrorGrad = cudaKernel('SquaredErrorGrad', (call) => {
  const y = call.input('y');
  const factor = call.op('Mul', [call.input('dloss'), call.scalar(2 / size(y))]);
  return call.op('Mul', [call.op('Sub', [y, call.input('target')]), factor]);
});

export const CHANNELS: readonly CudaKernel[] = [
  ...[globalMean, globalMeanGrad, channelGate, channelGateGrad, channelGateShift, channelDot],
  ...[squaredError, squaredErrorGrad],
];
