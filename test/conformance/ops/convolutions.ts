import { randomStream } from 'dna-nas/core';
import { type ConvolutionOptions, conv2d, depthwiseConv2d, matMul, resolveConvolution } from 'dna-nas/nn/ops';
import { it } from 'vitest';
import * as float64 from '../../ops/float64.js';
import { checkOp, draw } from './check.js';

interface ConvolutionCase {
  readonly input: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  /** Output channels; a depthwise convolution has none of its own. */
  readonly outputs?: number;
  readonly options: ConvolutionOptions;
}

const PRODUCTS = [
  [1, 1, 1],
  [3, 5, 7],
  [8, 16, 24],
  [17, 33, 9],
  [64, 40, 24],
  [5, 24, 40],
  [130, 6, 3],
  [37, 130, 41],
] as const;

const DENSE: readonly ConvolutionCase[] = [
  { input: [2, 9, 9, 3], kernel: [3, 3], outputs: 8, options: { strides: 2, padding: 'same' } },
  { input: [2, 8, 8, 3], kernel: [3, 3], outputs: 16, options: { strides: 2, padding: 'same' } },
  { input: [1, 7, 6, 5], kernel: [3, 3], outputs: 3, options: {} },
  { input: [2, 6, 7, 8], kernel: [3, 3], outputs: 24, options: { strides: 2, padding: 1 } },
  { input: [1, 11, 9, 4], kernel: [5, 5], outputs: 6, options: { strides: 2, padding: 'valid' } },
  { input: [1, 10, 8, 1], kernel: [7, 7], outputs: 8, options: { strides: 2 } },
  { input: [1, 5, 6, 3], kernel: [3, 3], outputs: 5, options: { padding: [0, 1, 2, 1] } },
  { input: [2, 5, 5, 8], kernel: [1, 1], outputs: 24, options: {} },
  { input: [3, 1, 1, 7], kernel: [1, 1], outputs: 5, options: { padding: 'valid' } },
  { input: [2, 5, 4, 8], kernel: [1, 1], outputs: 16, options: { strides: 2 } },
  { input: [1, 4, 5, 6], kernel: [1, 1], outputs: 4, options: { padding: 1 } },
  { input: [1, 6, 9, 2], kernel: [1, 3], outputs: 4, options: { strides: [1, 2] } },
  { input: [1, 9, 8, 3], kernel: [3, 3], outputs: 4, options: { dilations: 2 } },
  { input: [1, 9, 8, 3], kernel: [3, 2], outputs: 4, options: { dilations: [2, 3], strides: 2, padding: 2 } },
];

const DEPTHWISE: readonly ConvolutionCase[] = [
  { input: [2, 7, 7, 8], kernel: [3, 3], options: {} },
  { input: [2, 8, 8, 16], kernel: [3, 3], options: { strides: 2 } },
  { input: [1, 9, 7, 24], kernel: [3, 3], options: { strides: 2 } },
  { input: [2, 6, 5, 40], kernel: [5, 5], options: {} },
  { input: [1, 8, 10, 8], kernel: [5, 5], options: { strides: 2 } },
  { input: [1, 9, 9, 12], kernel: [5, 5], options: { strides: 2 } },
  { input: [2, 7, 8, 16], kernel: [7, 7], options: {} },
  { input: [1, 8, 9, 24], kernel: [7, 7], options: { strides: 2 } },
  { input: [1, 3, 3, 8], kernel: [7, 7], options: {} },
  { input: [1, 1, 1, 8], kernel: [5, 5], options: { strides: 2 } },
  { input: [3, 5, 6, 5], kernel: [3, 3], options: {} },
  { input: [1, 6, 6, 1], kernel: [3, 3], options: { strides: 2 } },
  { input: [1, 7, 6, 13], kernel: [5, 5], options: { strides: 2, padding: 2 } },
  { input: [2, 8, 7, 8], kernel: [3, 3], options: { padding: 'valid' } },
  { input: [2, 8, 7, 8], kernel: [3, 3], options: { strides: 2, padding: 'valid' } },
  { input: [1, 5, 6, 9], kernel: [3, 3], options: { padding: [0, 2, 1, 0] } },
  { input: [1, 5, 6, 8], kernel: [3, 3], options: { padding: [3, 4, 5, 3] } },
  { input: [1, 5, 8, 8], kernel: [1, 3], options: { strides: [1, 2] } },
  { input: [1, 9, 8, 8], kernel: [3, 3], options: { dilations: 2 } },
  { input: [1, 9, 8, 6], kernel: [3, 3], options: { dilations: [1, 2], strides: 2, padding: 2 } },
  { input: [1, 20, 19, 8], kernel: [5, 5], options: {} },
];

function title({ input, kernel, outputs, options }: ConvolutionCase): string {
  const channels = outputs === undefined ? '' : ` to ${outputs}`;
  return `[${input}]${channels}, kernel ${kernel.join('×')}, ${JSON.stringify(options)}`;
}

function convolutionCase(test: ConvolutionCase): Promise<void> {
  const { input, kernel, outputs, options } = test;
  const random = randomStream(title(test));
  const { attributes } = resolveConvolution([input[1], input[2]], kernel, options);
  const [run, expected] =
    outputs === undefined ? [depthwiseConv2d, float64.depthwiseConv2d] : [conv2d, float64.conv2d];
  return checkOp({
    inputs: {
      x: draw(random.fork('x'), input),
      filter: draw(random.fork('filter'), [...kernel, input[3], outputs ?? 1]),
    },
    actual: ({ x, filter }) => run(x, filter, options),
    expected: ({ x, filter }) => expected(x, filter, attributes),
  });
}

export function matMulCases(): void {
  it.each(PRODUCTS)('[%i, %i] · [.., %i]', (m, k, n) => {
    const random = randomStream(`${m} ${k} ${n}`);
    return checkOp({
      inputs: { a: draw(random.fork('a'), [m, k]), b: draw(random.fork('b'), [k, n]) },
      actual: ({ a, b }) => matMul(a, b),
      expected: ({ a, b }) => float64.matMul(a, b),
    });
  });
}

export function conv2dCases(): void {
  it.each(DENSE.map((test) => [title(test), test] as const))('%s', (_, test) => convolutionCase(test));
}

export function depthwiseConv2dCases(): void {
  it.each(DEPTHWISE.map((test) => [title(test), test] as const))('%s', (_, test) => convolutionCase(test));
}
