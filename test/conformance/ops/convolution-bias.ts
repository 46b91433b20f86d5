import { randomStream } from 'dna-nas/core';
import type { Activation } from 'dna-nas/nn/kernels';
import {
  type ConvolutionBiasOptions,
  conv2dBias,
  depthwiseConv2dBias,
  resolveConvolution,
} from 'dna-nas/nn/ops';
import { it } from 'vitest';
import * as float64 from '../../ops/float64.js';
import { checkOp, draw } from './check.js';

interface BiasCase {
  readonly input: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  /** Of a dense convolution; a depthwise one has as many as it is given. */
  readonly outputs: number;
  readonly activation: Activation;
  /** @default stride 1, SAME */
  readonly options?: Omit<ConvolutionBiasOptions, 'activation'>;
}

const CASES: readonly BiasCase[] = [
  { input: [2, 5, 5, 8], kernel: [1, 1], outputs: 16, activation: 'none' },
  { input: [2, 9, 9, 3], kernel: [3, 3], outputs: 8, activation: 'swish', options: { strides: 2 } },
  { input: [1, 7, 6, 5], kernel: [3, 3], outputs: 3, activation: 'relu', options: { padding: 'valid' } },
  { input: [1, 8, 10, 24], kernel: [5, 5], outputs: 9, activation: 'relu6', options: { strides: 2 } },
  { input: [3, 6, 5, 13], kernel: [7, 7], outputs: 7, activation: 'sigmoid' },
  { input: [1, 9, 8, 6], kernel: [3, 3], outputs: 4, activation: 'swish', options: { dilations: 2 } },
];

/** A convolution's float64 values, with its bias and its activation. */
export function biased(x: float64.Values, bias: float64.Values, activation: Activation): float64.Values {
  const channels = bias.data.length;
  return float64.values(x.shape, (index) =>
    float64.activation(activation, x.data[index]! + bias.data[index % channels]!),
  );
}

function titled(test: BiasCase): readonly [string, BiasCase] {
  const { input, kernel, activation, options = {} } = test;
  return [`[${input}], kernel ${kernel.join('×')}, ${activation}, ${JSON.stringify(options)}`, test];
}

function cases(kind: 'dense' | 'depthwise'): void {
  const [run, convolution] =
    kind === 'dense' ? [conv2dBias, float64.conv2d] : [depthwiseConv2dBias, float64.depthwiseConv2d];
  it.each(CASES.map(titled))('%s', (title, { input, kernel, outputs, activation, options = {} }) => {
    const random = randomStream(kind).fork(title);
    const { attributes } = resolveConvolution([input[1], input[2]], kernel, options);
    const filters = kind === 'dense' ? outputs : 1;
    return checkOp({
      inputs: {
        x: draw(random.fork('x'), input),
        filter: draw(random.fork('filter'), [...kernel, input[3], filters]),
        bias: draw(random.fork('bias'), [kind === 'dense' ? outputs : input[3]]),
      },
      actual: ({ x, filter, bias }) => run(x, filter, bias, { ...options, activation }),
      expected: ({ x, filter, bias }) => biased(convolution(x, filter, attributes), bias, activation),
    });
  });
}

export function conv2dBiasCases(): void {
  cases('dense');
}

export function depthwiseConv2dBiasCases(): void {
  cases('depthwise');
}
