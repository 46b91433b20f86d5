import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACTIVATIONS, activation, slope } from './activation-reference.js';
import { expectClose, randomValues, runKernel, type Values } from './run-kernel.js';

beforeAll(startWasmBackend);

/** Values from −100 to 100, dense near 0, in a length that no vector divides. */
function sweep(): Values {
  const data = Float64Array.from({ length: 4099 }, (_, i) => Math.fround(((i - 2049) / 2049) ** 3 * 100));
  return { shape: [4099], data };
}

describe.each(ACTIVATIONS)('activation %s', (kind) => {
  it('has exact values: the error relative to each value is below 4e-7', () => {
    const x = sweep();
    const [y] = runKernel('Activate', { x }, { activation: kind });
    x.data.forEach((value, i) => {
      const expected = activation(kind, value);
      expect(Math.abs(y![i]! - expected)).toBeLessThanOrEqual(4e-7 * Math.abs(expected) + 1e-35);
    });
  });

  it('has exact slopes', () => {
    const x = sweep();
    const dy = randomValues('dy', x.shape);
    const expected = x.data.map((value, i) => slope(kind, value) * dy.data[i]!);
    expectClose(runKernel('ActivateGrad', { dy, x }, { activation: kind })[0], expected, 5e-7);
  });

  it.each([1, 6, 16])('scale, shift and activation on %i channels', (channels) => {
    const x = randomValues('x', [3, 5, 2, channels]);
    const scale = randomValues('scale', [channels]);
    const shift = randomValues('shift', [channels]);
    const expected = x.data.map((value, i) =>
      activation(kind, value * scale.data[i % channels]! + shift.data[i % channels]!),
    );
    expectClose(runKernel('ScaleShift', { x, scale, shift }, { activation: kind })[0], expected);
  });
});

it('keeps NaN and infinity visible', () => {
  const x = {
    shape: [3],
    data: Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  };
  for (const kind of ACTIVATIONS) {
    const [y] = runKernel('Activate', { x }, { activation: kind });
    expect(y![0]).toBeNaN();
  }
  expect([...runKernel('Activate', { x }, { activation: 'relu' })[0]!].slice(1)).toEqual([
    Number.POSITIVE_INFINITY,
    0,
  ]);
});

it('names an unknown activation and the known ones', () => {
  const x = randomValues('x', [3]);
  expect(() => runKernel('Activate', { x }, { activation: 'gelu' })).toThrow(
    /"gelu".*none, relu, relu6, swish/,
  );
});

describe.each([
  [2, 1, 1, 3],
  [3, 5, 4, 6],
  [1, 7, 7, 16],
])('per-channel ops on %i×%i×%i×%i', (batch, height, width, channels) => {
  const pixels = height * width;
  const x = randomValues('x', [batch, height, width, channels]);
  const dy = randomValues('dy', x.shape);
  const gate = randomValues('gate', [batch, channels]);
  const gateIndex = (i: number) => Math.floor(i / (pixels * channels)) * channels + (i % channels);
  const perChannel = (term: (i: number) => number) => {
    const sums = new Float64Array(batch * channels);
    x.data.forEach((_, i) => {
      sums[gateIndex(i)]! += term(i);
    });
    return sums;
  };

  it('global mean and its gradient', () => {
    const expected = perChannel((i) => x.data[i]! / pixels);
    expectClose(runKernel('GlobalMean', { x })[0], expected);
    const spread = x.data.map((_, i) => gate.data[gateIndex(i)]! / pixels);
    expectClose(runKernel('GlobalMeanGrad', { dy: gate }, { inputShape: [...x.shape] })[0], spread);
  });

  it('channel gate and its gradient', () => {
    const gated = (values: Values) => values.data.map((value, i) => value * gate.data[gateIndex(i)]!);
    expectClose(runKernel('ChannelGate', { x, gate })[0], gated(x));
    const [dx, dgate] = runKernel('ChannelGateGrad', { dy, x, gate });
    expectClose(dx, gated(dy));
    const expected = perChannel((i) => dy.data[i]! * x.data[i]!);
    expectClose(dgate, expected);
  });
});

describe.each([1, 7, 5003])('squared error of %i values', (size) => {
  const y = randomValues('y', [size]);
  const target = randomValues('target', [size]);

  it('value and gradient', () => {
    const total = y.data.reduce((sum, value, i) => sum + (value - target.data[i]!) ** 2, 0);
    expectClose(runKernel('SquaredError', { y, target })[0], Float64Array.of(total / size));
    const dloss = { shape: [], data: Float64Array.of(1.5) };
    const expected = y.data.map((value, i) => (3 * (value - target.data[i]!)) / size);
    expectClose(runKernel('SquaredErrorGrad', { dloss, y, target })[0], expected);
  });
});
