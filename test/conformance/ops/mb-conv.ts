import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import type { Activation } from 'dna-nas/nn/kernels';
import { type MbConvWeights, mbConvTraining, type Padding, resolveConvolution } from 'dna-nas/nn/ops';
import { it } from 'vitest';
import * as float64 from '../../ops/float64.js';
import { checkOp, draw, expectClose, toTensor, withoutLeaks } from './check.js';

interface MbConvCase {
  /** [n, h, w, i] */
  readonly input: readonly [number, number, number, number];
  readonly kernel: number;
  readonly stride: number;
  /** Inner, squeezed and output channels. */
  readonly channels: readonly [number, number, number];
  readonly activation: Activation;
  /** @default 'same' */
  readonly padding?: Padding;
}

// Channels that fill a vector's lanes and that do not, maps smaller than the filter, more images than there are parts.
const CASES: readonly MbConvCase[] = [
  { input: [2, 6, 5, 4], kernel: 3, stride: 1, channels: [16, 2, 5], activation: 'swish' },
  { input: [2, 7, 6, 3], kernel: 5, stride: 2, channels: [9, 1, 7], activation: 'swish' },
  { input: [2, 3, 4, 5], kernel: 7, stride: 1, channels: [20, 3, 3], activation: 'swish', padding: 3 },
  { input: [1, 8, 7, 6], kernel: 7, stride: 2, channels: [18, 2, 17], activation: 'relu6' },
  { input: [17, 2, 3, 2], kernel: 3, stride: 2, channels: [6, 1, 2], activation: 'swish', padding: 1 },
  { input: [9, 2, 2, 3], kernel: 5, stride: 1, channels: [5, 2, 4], activation: 'none' },
  // A last row that no output reads, outputs that read padding alone, and maps of several bands.
  { input: [2, 8, 6, 3], kernel: 3, stride: 2, channels: [8, 2, 3], activation: 'sigmoid', padding: 'valid' },
  { input: [1, 3, 4, 2], kernel: 3, stride: 1, channels: [5, 1, 3], activation: 'swish', padding: 3 },
  { input: [1, 30, 40, 2], kernel: 5, stride: 2, channels: [4, 1, 2], activation: 'swish' },
  { input: [1, 26, 37, 2], kernel: 3, stride: 1, channels: [4, 1, 2], activation: 'relu', padding: 1 },
];

const EPSILON = 1e-3;
const POINTWISE = { strides: [1, 1], padding: [0, 0, 0, 0], dilations: [1, 1] } as const;

function title({ input, kernel, stride, channels, activation }: MbConvCase): string {
  return `[${input}] to ${channels}, kernel ${kernel}, stride ${stride}, ${activation}`;
}

function inputsOf(test: MbConvCase) {
  const { input, kernel, channels } = test;
  const [inner, squeezed, output] = channels;
  const random = randomStream(title(test));
  const make = (name: string, shape: readonly number[], about = 0) => draw(random.fork(name), shape, about);
  return {
    ...{ x: make('x', input), expand: make('expand', [1, 1, input[3], inner]) },
    ...{ scale1: make('scale1', [inner], 2), offset1: make('offset1', [inner]) },
    filter: make('filter', [kernel, kernel, inner, 1]),
    ...{ scale2: make('scale2', [inner], 2), offset2: make('offset2', [inner]) },
    ...{ reduce: make('reduce', [1, 1, inner, squeezed]), reduceBias: make('reduceBias', [squeezed]) },
    ...{ excite: make('excite', [1, 1, squeezed, inner]), exciteBias: make('exciteBias', [inner]) },
    project: make('project', [1, 1, inner, output]),
    ...{ scale3: make('scale3', [output], 2), offset3: make('offset3', [output]) },
  };
}

type Inputs<Value> = Record<keyof ReturnType<typeof inputsOf>, Value>;

function optionsOf({ stride, activation, padding = 'same' }: MbConvCase) {
  return { stride, padding, activation, epsilon: EPSILON };
}

function actual({ x, ...given }: Inputs<tf.Tensor>, test: MbConvCase) {
  const weights: MbConvWeights = {
    ...given,
    norm1: { scale: given.scale1, offset: given.offset1 },
    norm2: { scale: given.scale2, offset: given.offset2 },
    norm3: { scale: given.scale3, offset: given.offset3 },
  };
  return mbConvTraining(x, weights, optionsOf(test));
}

function matrix({ shape, data }: float64.Values): float64.Values {
  return { shape: shape.slice(2), data };
}

/** The parts one after another; the statistics of the three norms beside the result. */
function expected(given: Inputs<float64.Values>, test: MbConvCase) {
  const { input, kernel, activation } = test;
  const { stride, padding } = optionsOf(test);
  const window = resolveConvolution([input[1], input[2]], [kernel, kernel], { strides: stride, padding });
  const statistics: { mean: float64.Values; variance: float64.Values }[] = [];
  const normalise = (x: float64.Values, index: 1 | 2 | 3, kind: Activation) => {
    const found = float64.channelStatistics(x);
    statistics.push(found);
    const affine = { scale: given[`scale${index}`], offset: given[`offset${index}`] };
    return float64.batchNorm({ x, ...affine, ...found }, EPSILON, kind);
  };
  const expanded = normalise(float64.conv2d(given.x, given.expand, POINTWISE), 1, activation);
  const depthwise = float64.depthwiseConv2d(expanded, given.filter, window.attributes);
  const filtered = normalise(depthwise, 2, activation);
  const squeeze = {
    ...{ reduceWeight: matrix(given.reduce), reduceBias: given.reduceBias },
    ...{ expandWeight: matrix(given.excite), expandBias: given.exciteBias },
  };
  const gated = float64.squeezeExcite({ x: filtered, ...squeeze }, activation);
  const y = normalise(float64.conv2d(gated, given.project, POINTWISE), 3, 'none');
  return { y, statistics };
}

function statisticsCase(test: MbConvCase): Promise<void> {
  const given = inputsOf(test);
  const wanted = expected(given, test).statistics;
  return withoutLeaks(() => {
    tf.tidy(() => {
      const tensors = Object.entries(given).map(([name, source]) => [name, toTensor(source)] as const);
      const found = actual(Object.fromEntries(tensors) as Inputs<tf.Tensor>, test).statistics;
      found.forEach(({ mean, variance }, index) => {
        expectClose(mean, wanted[index]!.mean);
        expectClose(variance, wanted[index]!.variance);
      });
    });
  });
}

export function mbConvTrainingCases(): void {
  it.each(CASES.map((test) => [title(test), test] as const))('%s', (_, test) =>
    checkOp({
      inputs: inputsOf(test),
      // Three norms one behind another: the gradient cancels three times over.
      tolerance: 5e-4,
      actual: (given) => actual(given, test).y,
      expected: (given) => expected(given, test).y,
    }),
  );
  it.each(CASES.map((test) => [title(test), test] as const))('returns the statistics: %s', (_, test) =>
    statisticsCase(test),
  );
}
