import type { Conv2dAttributes } from 'dna-nas/nn/kernels';
import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { beforeAll, describe, it } from 'vitest';
import {
  type ConvolutionCase,
  convolutionReference,
  filterShape,
  outShape,
} from './convolution-reference.js';
import { expectClose, randomValues, runKernel } from './run-kernel.js';

beforeAll(startWasmBackend);

function attributes(
  stride: number | [number, number],
  padding: Conv2dAttributes['padding'],
  dilation = 1,
): Conv2dAttributes {
  const strides = typeof stride === 'number' ? ([stride, stride] as const) : stride;
  return { strides, padding, dilations: [dilation, dilation] };
}

const SHARED: readonly (readonly [string, Omit<ConvolutionCase, 'out'>])[] = [
  ['k3 same', { input: [2, 7, 7, 8], kernel: [3, 3], attributes: attributes(1, [1, 1, 1, 1]) }],
  ['k5 same, odd channels', { input: [3, 9, 6, 5], kernel: [5, 5], attributes: attributes(1, [2, 2, 2, 2]) }],
  [
    'k3 stride 2, asymmetric',
    { input: [2, 14, 14, 12], kernel: [3, 3], attributes: attributes(2, [0, 1, 0, 1]) },
  ],
  [
    'k5 stride 2, asymmetric',
    { input: [2, 28, 28, 6], kernel: [5, 5], attributes: attributes(2, [1, 2, 1, 2]) },
  ],
  [
    'k7 stride 2, odd size',
    { input: [1, 15, 13, 3], kernel: [7, 7], attributes: attributes(2, [3, 3, 3, 3]) },
  ],
  [
    'k3 by 5, strides 1 and 2',
    { input: [2, 8, 11, 4], kernel: [3, 5], attributes: attributes([1, 2], [1, 1, 2, 2]) },
  ],
  ['k3 valid, tiny output', { input: [2, 4, 5, 7], kernel: [3, 3], attributes: attributes(1, [0, 0, 0, 0]) }],
  ['k3 dilation 2', { input: [2, 9, 9, 4], kernel: [3, 3], attributes: attributes(1, [2, 2, 2, 2], 2) }],
  [
    'k3 dilation 3, stride 2',
    { input: [1, 12, 11, 4], kernel: [3, 3], attributes: attributes(2, [3, 2, 3, 2], 3) },
  ],
  ['k1 stride 2', { input: [2, 7, 8, 10], kernel: [1, 1], attributes: attributes(2, [0, 0, 0, 0]) }],
  [
    'k2 stride 3: inputs that no output sees',
    { input: [1, 9, 10, 4], kernel: [2, 2], attributes: attributes(3, [0, 0, 0, 0]) },
  ],
  ['k5 on 2 × 2', { input: [2, 2, 2, 16], kernel: [5, 5], attributes: attributes(1, [2, 2, 2, 2]) }],
  ['k1', { input: [2, 6, 7, 9], kernel: [1, 1], attributes: attributes(1, [0, 0, 0, 0]) }],
  ['width 17', { input: [1, 3, 17, 4], kernel: [3, 3], attributes: attributes(1, [1, 1, 1, 1]) }],
];

function operands(c: ConvolutionCase) {
  const x = randomValues('x', c.input);
  const filter = randomValues('filter', filterShape(c));
  const dy = randomValues('dy', outShape(c));
  return { x, filter, dy, expected: convolutionReference(c, { x, filter, dy }) };
}

describe.each(SHARED)('%s', (_, shared) => {
  it.each([5, 16])('convolution to %i channels', (out) => {
    const c = { ...shared, out };
    const { x, filter, dy, expected } = operands(c);
    const extra = { ...c.attributes, inputShape: [...c.input], filterShape: filterShape(c) };
    expectClose(runKernel('Conv2d', { x, filter }, c.attributes)[0], expected.y);
    expectClose(runKernel('Conv2dGradInput', { dy, filter }, extra)[0], expected.dx);
    expectClose(runKernel('Conv2dGradFilter', { x, dy }, extra)[0], expected.dfilter);
  });

  it('depthwise', () => {
    const { x, filter, dy, expected } = operands(shared);
    const extra = { ...shared.attributes, inputShape: [...shared.input], filterShape: filterShape(shared) };
    expectClose(runKernel('DepthwiseConv2d', { x, filter }, shared.attributes)[0], expected.y);
    expectClose(runKernel('DepthwiseConv2dGradInput', { dy, filter }, extra)[0], expected.dx);
    expectClose(runKernel('DepthwiseConv2dGradFilter', { x, dy }, extra)[0], expected.dfilter);
  });
});
