import { randomStream } from 'dna-nas/core';
import type { tf } from 'dna-nas/nn';
import type { Activation } from 'dna-nas/nn/kernels';
import { mbConvFolded, type Padding, resolveConvolution } from 'dna-nas/nn/ops';
import { it } from 'vitest';
import * as float64 from '../../ops/float64.js';
import { checkOp, draw } from './check.js';
import { biased } from './convolution-bias.js';

interface FoldedCase {
  /** [n, h, w, i] */
  readonly input: readonly [number, number, number, number];
  readonly kernel: number;
  readonly stride: number;
  /** Inner, squeezed and output channels; none squeezed: without squeeze-and-excitation. */
  readonly channels: readonly [number, number, number];
  readonly activation: Activation;
  readonly parts: 'expand' | 'no expand';
  readonly residual: boolean;
  /** @default 'same' */
  readonly padding?: Padding;
}

// Channels that fill a vector's lanes and that do not, each part missing, maps smaller than the filter, rows that no
// result reads.
const SWISH = { activation: 'swish', parts: 'expand' } as const;
const CASES: readonly FoldedCase[] = [
  { input: [2, 6, 5, 4], kernel: 3, stride: 1, channels: [16, 2, 4], residual: true, ...SWISH },
  { input: [2, 7, 6, 3], kernel: 5, stride: 2, channels: [9, 1, 7], residual: false, ...SWISH },
  { input: [2, 3, 4, 5], kernel: 7, stride: 1, channels: [20, 3, 5], residual: true, ...SWISH, padding: 3 },
  { input: [1, 8, 7, 6], kernel: 3, stride: 2, channels: [18, 0, 17], residual: false, ...SWISH, padding: 0 },
  {
    ...SWISH,
    input: [3, 5, 5, 9],
    kernel: 3,
    stride: 1,
    channels: [9, 2, 5],
    residual: false,
    parts: 'no expand',
  },
  {
    ...{ input: [2, 6, 6, 18], kernel: 5, stride: 1, channels: [18, 0, 18], residual: true },
    ...{ activation: 'relu6', parts: 'no expand' },
  },
];

const POINTWISE = { strides: [1, 1], padding: [0, 0, 0, 0], dilations: [1, 1] } as const;

function title({ input, kernel, stride, channels, activation, parts, residual }: FoldedCase): string {
  const [inner, squeezed, output] = channels;
  const added = residual ? ', residual' : '';
  return `[${input}] to ${inner}, ${squeezed}, ${output}, kernel ${kernel}, stride ${stride}, ${activation}, ${parts}${added}`;
}

type Inputs<Value> = Readonly<Record<string, Value>>;

function inputsOf(test: FoldedCase): Inputs<float64.Values> {
  const { input, kernel, parts } = test;
  const [inner, squeezed, output] = test.channels;
  const random = randomStream(title(test));
  const shapes: Record<string, readonly number[]> = {
    x: input,
    ...(parts === 'expand' ? { expand: [1, 1, input[3], inner], expandBias: [inner] } : {}),
    ...{ filter: [kernel, kernel, inner, 1], filterBias: [inner] },
    ...(squeezed > 0 ? { reduce: [1, 1, inner, squeezed], reduceBias: [squeezed] } : {}),
    ...(squeezed > 0 ? { excite: [1, 1, squeezed, inner], exciteBias: [inner] } : {}),
    ...{ project: [1, 1, inner, output], projectBias: [output] },
  };
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, draw(random.fork(name), shape)]),
  );
}

function actual(given: Inputs<tf.Tensor>, { stride, padding = 'same', activation, residual }: FoldedCase) {
  const get = (name: string) => given[name]!;
  const convolution = (name: string) => ({ filter: get(name), bias: get(`${name}Bias`) });
  const squeeze = () => ({
    ...{ reduce: get('reduce'), reduceBias: get('reduceBias') },
    ...{ excite: get('excite'), exciteBias: get('exciteBias') },
  });
  const weights = {
    ...{ expand: given.expand && convolution('expand'), depthwise: convolution('filter') },
    ...{ squeeze: given.reduce && squeeze(), project: convolution('project') },
  };
  return mbConvFolded(get('x'), weights, { stride, padding, activation, residual });
}

function matrix({ shape, data }: float64.Values): float64.Values {
  return { shape: shape.slice(2), data };
}

/** The parts one after another. */
function expected(given: Inputs<float64.Values>, test: FoldedCase): float64.Values {
  const { input, kernel, stride, padding = 'same', activation, residual } = test;
  const get = (name: string) => given[name]!;
  const window = resolveConvolution([input[1], input[2]], [kernel, kernel], { strides: stride, padding });
  const expanded = given.expand
    ? biased(float64.conv2d(get('x'), given.expand, POINTWISE), get('expandBias'), activation)
    : get('x');
  const depthwise = float64.depthwiseConv2d(expanded, get('filter'), window.attributes);
  const filtered = biased(depthwise, get('filterBias'), activation);
  const gated = given.reduce ? squeezed(filtered, given, activation) : filtered;
  const y = biased(float64.conv2d(gated, get('project'), POINTWISE), get('projectBias'), 'none');
  return residual ? float64.values(y.shape, (index) => y.data[index]! + get('x').data[index]!) : y;
}

function squeezed(x: float64.Values, given: Inputs<float64.Values>, activation: Activation): float64.Values {
  const { reduce, reduceBias, excite, exciteBias } = given;
  const weights = {
    ...{ reduceWeight: matrix(reduce!), reduceBias: reduceBias! },
    ...{ expandWeight: matrix(excite!), expandBias: exciteBias! },
  };
  return float64.squeezeExcite({ x, ...weights }, activation);
}

export function mbConvFoldedCases(): void {
  it.each(CASES.map((test) => [title(test), test] as const))('%s', (_, test) =>
    checkOp<string>({
      inputs: inputsOf(test),
      actual: (given) => actual(given, test),
      expected: (given) => expected(given, test),
    }),
  );
}
