import type { Activation } from 'dna-nas/nn/kernels';
import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACTIVATIONS, activation, slope } from './activation-reference.js';
import { expectClose, randomValues, runKernel, type Values } from './run-kernel.js';

beforeAll(startWasmBackend);

const EPSILON = 1e-3;

function statistics(x: Values, channels: number) {
  const rows = x.data.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  x.data.forEach((value, i) => {
    mean[i % channels]! += value / rows;
  });
  x.data.forEach((value, i) => {
    variance[i % channels]! += (value - mean[i % channels]!) ** 2 / rows;
  });
  return { rows, mean, variance };
}

interface Case {
  readonly x: Values;
  readonly dy: Values;
  readonly scale: Values;
  readonly offset: Values;
  readonly channels: number;
}

function batchNormCase(rows: number, channels: number): Case {
  return {
    x: randomValues('x', [rows, 1, 1, channels]),
    dy: randomValues('dy', [rows, 1, 1, channels]),
    scale: randomValues('scale', [channels]),
    offset: randomValues('offset', [channels]),
    channels,
  };
}

/** Batch norm and its gradient by the chain rule through mean and variance, in float64. */
function reference({ x, dy, scale, offset, channels }: Case, kind: Activation) {
  const { rows, mean, variance } = statistics(x, channels);
  const deviation = variance.map((value) => Math.sqrt(value + EPSILON));
  const standard = x.data.map((value, i) => (value - mean[i % channels]!) / deviation[i % channels]!);
  const z = standard.map((value, i) => value * scale.data[i % channels]! + offset.data[i % channels]!);
  const dz = z.map((value, i) => dy.data[i]! * slope(kind, value));
  const doffset = new Float64Array(channels);
  const dscale = new Float64Array(channels);
  dz.forEach((value, i) => {
    doffset[i % channels]! += value;
    dscale[i % channels]! += value * standard[i]!;
  });
  const dx = dz.map((value, i) => {
    const c = i % channels;
    const centred = value - (doffset[c]! + standard[i]! * dscale[c]!) / rows;
    return (scale.data[c]! / deviation[c]!) * centred;
  });
  return { y: z.map((value) => activation(kind, value)), mean, variance, dx, dscale, doffset };
}

describe.each([
  [1, 4],
  [3, 1],
  [70, 6],
  [131, 16],
  [515, 19],
])('batch norm of %i rows of %i channels', (rows, channels) => {
  it.each(ACTIVATIONS)('with %s', (kind) => {
    const data = batchNormCase(rows, channels);
    const { x, dy, scale, offset } = data;
    const expected = reference(data, kind);
    const attributes = { epsilon: EPSILON, activation: kind };
    const [y, mean, variance] = runKernel('BatchNormTraining', { x, scale, offset }, attributes);
    expectClose(y, expected.y);
    expectClose(mean, expected.mean);
    if (rows > 1) expectClose(variance, expected.variance);
    const saved = {
      mean: { shape: [channels], data: Float64Array.from(mean!) },
      variance: { shape: [channels], data: Float64Array.from(variance!) },
    };
    const gradients = runKernel('BatchNormTrainingGrad', { dy, x, scale, offset, ...saved }, attributes);
    if (rows > 1) expectClose(gradients[0], expected.dx, 5e-6);
    expectClose(gradients[1], rows > 1 ? expected.dscale : new Float64Array(channels), 5e-6);
    expectClose(gradients[2], expected.doffset, 5e-6);
  });
});

it('keeps 50,000 rows far from zero exact to 1e-5 of the deviation', () => {
  const channels = 3;
  const raw = randomValues('far', [50_000, channels]);
  const x = { shape: raw.shape, data: raw.data.map((value) => Math.fround(1000 + value)) };
  const scale = { shape: [channels], data: new Float64Array(channels).fill(1) };
  const offset = { shape: [channels], data: new Float64Array(channels) };
  const attributes = { epsilon: EPSILON, activation: 'none' };
  const [, mean, variance] = runKernel('BatchNormTraining', { x, scale, offset }, attributes);
  const expected = statistics(x, channels);
  for (let c = 0; c < channels; c++) {
    // float32 has steps of 6e-5 near 1,000, so the mean itself cannot be closer than half of one.
    expect(Math.abs(mean![c]! - expected.mean[c]!)).toBeLessThan(3.2e-5);
    expect(Math.abs(variance![c]! / expected.variance[c]! - 1)).toBeLessThan(1e-5);
  }
});

it('gives a constant channel variance 0 and finite gradients', () => {
  const x = { shape: [77, 4], data: new Float64Array(77 * 4).fill(Math.fround(0.1)) };
  const dy = randomValues('dy', [77, 4]);
  const scale = randomValues('scale', [4]);
  const offset = randomValues('offset', [4]);
  const attributes = { epsilon: EPSILON, activation: 'swish' };
  const [, mean, variance] = runKernel('BatchNormTraining', { x, scale, offset }, attributes);
  for (const value of variance!) expect(value).toBeLessThan(1e-12);
  const saved = {
    mean: { shape: [4], data: Float64Array.from(mean!) },
    variance: { shape: [4], data: Float64Array.from(variance!) },
  };
  const [dx] = runKernel('BatchNormTrainingGrad', { dy, x, scale, offset, ...saved }, attributes);
  expect(dx!.every(Number.isFinite)).toBe(true);
});
