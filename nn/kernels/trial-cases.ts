import { randomStream } from 'dna-nas/core';
import { Linear } from '../layers/index.js';
import * as ops from '../ops/index.js';
import { adam, rmspropTensorFlow, sgd } from '../optimisers/index.js';
import { add, type Scalar, type Tensor, tensor, valueAndGrads } from '../tensor.js';
import type { KernelName } from './table.js';

/** Computes something of a few named kernels' parts: values and gradients. */
export interface KernelCase {
  /** Kernels that it runs where the backend has them. */
  readonly kernels: readonly KernelName[];
  run(): Tensor[];
}

/** Sixteen channels go by 16 bytes, five one by one. */
const CHANNELS = [16, 5] as const;
const [IMAGES, HEIGHT, WIDTH] = [2, 9, 11];

function normal(name: string, shape: readonly number[]): Tensor {
  const random = randomStream('kernel trial').fork(name, ...shape);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    [...shape],
  );
}

/** An op's value at inputs of these shapes, and the gradients of all of them. */
function withGradients(
  op: (...inputs: Tensor[]) => Tensor,
  shapes: readonly (readonly number[])[],
): Tensor[] {
  const inputs = shapes.map((shape, index) => normal(`input ${index}`, shape));
  const y = op(...inputs);
  const { value, grads } = valueAndGrads(op as (...inputs: Tensor[]) => Scalar)(
    inputs,
    normal('dy', y.shape) as Scalar,
  );
  return [value, ...grads];
}

function mapCases(channels: number): KernelCase[] {
  const map = [IMAGES, HEIGHT, WIDTH, channels];
  const vector = [channels];
  const gate = [IMAGES, channels];
  return [
    {
      kernels: ['BatchNormTraining', 'BatchNormTrainingGrad'],
      run: () =>
        withGradients(
          (x, scale, offset) => ops.batchNormTraining(x!, scale!, offset!, { activation: 'swish' }).y,
          [...[map, vector, vector]],
        ),
    },
    {
      kernels: ['ScaleShift'],
      run: () =>
        withGradients(
          (x, scale, shift) => ops.scaleShift(x!, scale!, shift!, 'relu6'),
          [map, vector, vector],
        ),
    },
    {
      kernels: ['Activate', 'ActivateGrad'],
      run: () => withGradients((x) => ops.activate(x!, 'swish'), [map]),
    },
    { kernels: ['GlobalMean', 'GlobalMeanGrad'], run: () => withGradients((x) => ops.globalMean(x!), [map]) },
    {
      kernels: ['ChannelGate', 'ChannelGateGrad'],
      run: () => withGradients((x, factors) => ops.channelGate(x!, factors!), [map, gate]),
    },
    {
      kernels: ['ChannelDot', 'ChannelGateShift', 'MatMul', 'MatMulGradA', 'MatMulGradB'],
      run: () => squeeze(channels),
    },
    {
      kernels: ['SquaredError', 'SquaredErrorGrad'],
      run: () => withGradients((y, target) => ops.squaredError(y!, target!), [map, map]),
    },
  ];
}

function squeeze(channels: number): Tensor[] {
  return withGradients(
    (x, reduceWeight, reduceBias, expandWeight, expandBias) =>
      ops.squeezeExcite(x!, {
        ...{ reduceWeight: reduceWeight!, reduceBias: reduceBias! },
        ...{ expandWeight: expandWeight!, expandBias: expandBias! },
      }),
    [[IMAGES, HEIGHT, WIDTH, channels], [channels, 4], [4], [4, channels], [channels]],
  );
}

function convolutionCases(kernel: number, strides: number): KernelCase[] {
  return CHANNELS.map((channels) => {
    const map = [IMAGES, HEIGHT, WIDTH, channels];
    const filter = [kernel, kernel, channels, 1];
    return {
      kernels: [
        'DepthwiseConv2d',
        'DepthwiseConv2dGradInput',
        'DepthwiseConv2dGradFilter',
        'DepthwiseConv2dBias',
      ],
      run: () => [
        ...withGradients((x, weights) => ops.depthwiseConv2d(x!, weights!, { strides }), [map, filter]),
        ops.depthwiseConv2dBias(normal('x', map), normal('filter', filter), normal('bias', [channels]), {
          ...{ strides, activation: 'swish' as const },
        }),
      ],
    };
  });
}

function fullConvolution(): Tensor[] {
  const [map, filter] = [
    [IMAGES, HEIGHT, WIDTH, 5],
    [3, 3, 5, 6],
  ];
  return [
    ...withGradients((x, weights) => ops.conv2d(x!, weights!, { strides: 2 }), [map, filter]),
    ops.conv2dBias(normal('x', map), normal('filter', filter), normal('bias', [6]), { activation: 'relu' }),
  ];
}

/** Two steps of an optimiser: the second has slots that are not what they begin with. */
function optimiserCase(
  kernel: KernelName,
  make: typeof adam | typeof sgd | typeof rmspropTensorFlow,
): KernelCase {
  return {
    kernels: [kernel],
    run() {
      const layer = new Linear({ inputs: 37, outputs: 9 });
      const optimiser = make({ weightDecay: 0.01 });
      layer.initialise(randomStream('kernel trial').fork(kernel));
      const parameters = layer.parameters();
      const gradients = new Map([...parameters].map(([name, { shape }]) => [name, normal(name, shape)]));
      for (let step = 0; step < 2; step++) optimiser.step(parameters, gradients, 0.1);
      const values = [...parameters.values()].map(({ value }) => add(value, 0));
      optimiser.dispose();
      layer.dispose();
      return values;
    },
  };
}

/** One case or more for every kernel that a GPU has of ours. */
export function kernelCases(): KernelCase[] {
  return [
    ...CHANNELS.flatMap(mapCases),
    ...[3, 5, 7].flatMap((kernel) => [1, 2].flatMap((stride) => convolutionCases(kernel, stride))),
    {
      kernels: ['Conv2d', 'Conv2dGradInput', 'Conv2dGradFilter', 'Conv2dBias'],
      run: fullConvolution,
    },
    optimiserCase('AdamStep', adam),
    optimiserCase('SgdStep', sgd),
    optimiserCase('RmspropStep', rmspropTensorFlow),
    { kernels: ['Blend'], run: blended },
  ];
}

function blended(): Tensor[] {
  const results: Tensor[] = [];
  const pair = (size: number) => ({
    ...{ old: normal('old', [size]), fresh: normal('fresh', [size]), share: 0.1 },
    take: (result: Tensor) => void results.push(result),
  });
  const pairs = [33, 7].map(pair);
  ops.blend(pairs, 0.9);
  return results.length > 0 ? results : pairs.map(({ old }) => old);
}
