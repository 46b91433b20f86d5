import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectClose, expectSameAsCpu, normal, onCpu, onTorch } from './same-as-cpu.js';

type Padding = 'same' | 'valid' | number | number[][];

/** Odd extents, uneven strides and paddings: what a draw of layers of a real network would miss. */
interface Layer {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Output channels, or the multiplier of a depthwise convolution. */
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pad: Padding;
}

const PADS: readonly Padding[] = [
  'same',
  'valid',
  2,
  [
    [0, 0],
    [0, 3],
    [1, 0],
    [0, 0],
  ],
];

/** The n-th drawn layer. */
function drawLayer(index: number): Layer {
  const stream = randomStream(11).fork(`layer ${index}`);
  const between = (low: number, high: number) => low + stream.integer(high - low + 1);
  const dilated = stream.uniform() < 0.3;
  const pad = PADS[index % PADS.length]!;
  const kernel = between(1, 4);
  const stride = dilated ? 1 : between(1, 3);
  // tfjs takes the kernel and stride of the rows for both axes where the padding is one number.
  const even = typeof pad === 'number';
  return {
    batch: between(1, 3),
    height: between(9, 14),
    width: between(9, 14),
    channels: between(1, 5),
    outputs: between(1, 4),
    kernel: [kernel, even ? kernel : between(1, 4)],
    strides: [stride, dilated || even ? stride : between(1, 3)],
    dilations: dilated ? [between(1, 2), even ? 1 : between(1, 2)] : [1, 1],
    pad,
  };
}

const LAYERS = Array.from({ length: 16 }, (_, index) => drawLayer(index));
const SHORT = (layer: Layer) => JSON.stringify(Object.values(layer));

const inputOf = ({ batch, height, width, channels }: Layer) => [batch, height, width, channels];
const filterOf = ({ kernel, channels, outputs }: Layer) => [...kernel, channels, outputs];

function outputOf(layer: Layer, depthwise: boolean): number[] {
  const { strides, dilations, pad } = layer;
  return tf.backend_util.computeConv2DInfo(
    inputOf(layer) as never,
    filterOf(layer) as never,
    strides as never,
    dilations as never,
    pad as never,
    undefined,
    depthwise,
  ).outShape;
}

const attributesOf = ({ strides, dilations, pad }: Layer) => ({
  strides,
  dilations,
  pad,
  dataFormat: 'NHWC',
});

const undilated = LAYERS.map((layer): Layer => ({ ...layer, dilations: [1, 1] }));

describeTorch('convolutions as tfjs defines them', () => {
  it.each(LAYERS.map((layer) => [SHORT(layer), layer] as const))('Conv2D %s', async (_, layer) => {
    const inputs = { x: normal('x', inputOf(layer)), filter: normal('filter', filterOf(layer)) };
    await expectSameAsCpu('Conv2D', inputs, attributesOf(layer));
  });

  it.each(undilated.map((layer) => [SHORT(layer), layer] as const))('its gradients %s', async (_, layer) => {
    const dy = normal('dy', outputOf(layer, false));
    const attributes = attributesOf(layer);
    const inputShape = inputOf(layer);
    const filterShape = filterOf(layer);
    const x = normal('x', inputShape);
    const filter = normal('filter', filterShape);
    await expectSameAsCpu('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape });
    await expectSameAsCpu('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape });
  });

  it.each(LAYERS.map((layer) => [SHORT(layer), layer] as const))('depthwise %s', async (_, layer) => {
    const inputs = { x: normal('x', inputOf(layer)), filter: normal('filter', filterOf(layer)) };
    await expectSameAsCpu('DepthwiseConv2dNative', inputs, attributesOf(layer));
  });

  it.each(undilated.map((layer) => [SHORT(layer), layer] as const))(
    'depthwise gradients %s',
    async (_, layer) => {
      const dy = normal('dy', outputOf(layer, true));
      const attributes = attributesOf(layer);
      const inputShape = inputOf(layer);
      const filterShape = filterOf(layer);
      const x = normal('x', inputShape);
      const filter = normal('filter', filterShape);
      const name = 'DepthwiseConv2dNativeBackprop';
      await expectSameAsCpu(`${name}Input`, { dy, filter }, { ...attributes, inputShape });
      await expectSameAsCpu(`${name}Filter`, { x, dy }, { ...attributes, filterShape });
    },
  );

  it('channels first', async () => {
    const attributes = { strides: 2, pad: 'same', dataFormat: 'NCHW', dilations: 1 };
    const x = normal('x', [2, 3, 8, 7]);
    const filter = normal('filter', [3, 3, 3, 4]);
    const dy = normal('dy', [2, 4, 4, 4]);
    await expectSameAsCpu('Conv2D', { x, filter }, attributes);
    await expectSameAsCpu('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape });
    await expectSameAsCpu('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape });
  });

  it('an empty batch', async () => {
    const attributes = { strides: 1, pad: 'same', dataFormat: 'NHWC', dilations: 1 };
    const x = normal('x', [0, 5, 5, 2]);
    const filter = normal('filter', [3, 3, 2, 3]);
    const dy = normal('dy', [0, 5, 5, 3]);
    await expectSameAsCpu('Conv2D', { x, filter }, attributes);
    await expectSameAsCpu('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape });
    await expectSameAsCpu('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape });
  });

  it.each(['linear', 'relu', 'relu6', 'elu', 'prelu', 'leakyrelu', 'sigmoid'])(
    'fused with bias and %s',
    async (activation) => {
      const x = normal('x', [2, 7, 6, 3]);
      const bias = normal('bias', [6]);
      const preluActivationWeights = normal('slopes', [6]);
      const base = { strides: [2, 2], pad: 'same', dilations: [1, 1], activation, leakyreluAlpha: 0.3 };
      const inputs = { x, bias, preluActivationWeights };
      const attributes = { ...base, dataFormat: 'NHWC' };
      await expectSameAsCpu('FusedConv2D', { ...inputs, filter: normal('f', [3, 3, 3, 6]) }, attributes);
      const depthwise = { ...inputs, filter: normal('f', [3, 2, 3, 2]) };
      await expectSameAsCpu('FusedDepthwiseConv2D', depthwise, attributes);
      const first = { ...inputs, x: normal('x', [2, 3, 7, 6]), filter: normal('f', [3, 3, 3, 6]) };
      await expectSameAsCpu('FusedConv2D', first, { ...base, dataFormat: 'NCHW' });
    },
  );

  it.each([
    ['same', 1, 1],
    ['same', [1, 2, 3], 1],
    ['valid', [2, 1, 2], 1],
    ['valid', 1, [2, 1, 2]],
  ])('Conv3D %s, strides %j, dilations %j', async (pad, strides, dilations) => {
    const x = normal('x', [2, 5, 7, 6, 2]);
    const filter = normal('filter', [2, 3, 2, 2, 3]);
    const attributes = { strides, pad, dilations, dataFormat: 'NDHWC' };
    const [y] = await onCpu('Conv3D', { x, filter }, attributes);
    await expectSameAsCpu('Conv3D', { x, filter }, attributes);
    if (dilations !== 1) return;
    const dy = normal('dy', y!.shape);
    await expectSameAsCpu('Conv3DBackpropInputV2', { dy, filter }, { strides, pad, inputShape: x.shape });
    await expectSameAsCpu('Conv3DBackpropFilterV2', { x, dy }, { strides, pad, filterShape: filter.shape });
  });

  it('gives the same bits again, after other work', async () => {
    const layer = LAYERS[0]!;
    const inputs = { x: normal('x', [4, 17, 13, 24]), filter: normal('filter', [3, 3, 24, 40]) };
    const attributes = { ...attributesOf(layer), strides: [1, 1], pad: 'same', dilations: [1, 1] };
    const [first] = await onTorch('Conv2D', inputs, attributes);
    const dy = normal('dy', first!.shape);
    const backward = { ...attributes, filterShape: inputs.filter.shape };
    const [gradient] = await onTorch('Conv2DBackpropFilter', { x: inputs.x, dy }, backward);
    await onTorch('Conv2D', { ...inputs, x: normal('other', [9, 17, 13, 24]) }, attributes);
    const [again] = await onTorch('Conv2D', inputs, attributes);
    const [gradientAgain] = await onTorch('Conv2DBackpropFilter', { x: inputs.x, dy }, backward);
    expect(again!.values).toEqual(first!.values);
    expect(gradientAgain!.values).toEqual(gradient!.values);
  });

  it('a dilated depthwise gradient is the derivative of the convolution', async () => {
    const x = normal('x', [1, 7, 6, 2]);
    const filter = normal('filter', [3, 2, 2, 2]);
    const attributes = { strides: 1, pad: 'same', dilations: [2, 1], dataFormat: 'NHWC' };
    const [y] = await onTorch('DepthwiseConv2dNative', { x, filter }, attributes);
    const dy = normal('dy', y!.shape);
    const kernel = 'DepthwiseConv2dNativeBackpropFilter';
    const [gradient] = await onTorch(kernel, { x, dy }, { ...attributes, filterShape: filter.shape });
    // The convolution is linear in its filter: the loss of each unit filter is that entry of the gradient.
    const expected: number[] = [];
    for (let unit = 0; unit < filter.values.length; unit++) {
      const values = filter.values.map((_, index) => (index === unit ? 1 : 0));
      const [response] = await onTorch(
        'DepthwiseConv2dNative',
        { x, filter: { ...filter, values } },
        attributes,
      );
      expected.push(response!.values.reduce((sum, value, index) => sum + value * dy.values[index]!, 0));
    }
    expectClose(gradient!.values, expected, 1e-5);
  });

  it('says both shapes where they do not fit', async () => {
    const inputs = { x: normal('x', [1, 5, 5, 3]), filter: normal('filter', [3, 3, 2, 4]) };
    const attributes = { strides: 1, pad: 'same', dilations: 1, dataFormat: 'NHWC' };
    await expect(onTorch('Conv2D', inputs, attributes)).rejects.toThrow(
      /convolution: expected x with the filter's input channels, found \[1, 5, 5, 3\] and \[3, 3, 2, 4\]/,
    );
  });
});
