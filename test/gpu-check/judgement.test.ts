import { KERNEL_NAMES } from 'dna-nas/nn/kernels';
import { describe, expect, test } from 'vitest';

interface Input {
  readonly shape: number[];
}

interface Case {
  readonly name: string;
  readonly kernel: string;
  readonly inputs: Record<string, Input>;
  readonly attributes: object;
}

type Summary = { readonly samples: string };

async function load<Module>(file: string): Promise<Module> {
  return (await import(new URL(`../../scripts/gpu-check/${file}`, import.meta.url).href)) as Module;
}

const { summarise, distance } = await load<{
  summarise(values: Float32Array, shape: number[]): Summary;
  distance(found: Summary, expected: Summary): number;
}>('summary.mjs');
const { errorOfSums } = await load<{ errorOfSums(test: Case, outputs: Float32Array[]): number | undefined }>(
  'exact.mjs',
);
const { kernelCases } = await load<{ kernelCases(batch: number): Case[] }>('cases.mjs');
const { productCases } = await load<{ productCases(batch: number): Case[] }>('product-cases.mjs');
const { hostInput } = await load<{ hostInput(input: Input, index: number): Float32Array }>('run-case.mjs');

/** Computed as whole layers, which on a GPU are made of the other kernels. */
const AS_LAYERS = ['MbConvTraining', 'MbConvTrainingGrad', 'MbConvFolded'];

test('every kernel of ours is run at real sizes', () => {
  const run = new Set([...kernelCases(2), ...productCases(2)].map(({ kernel }) => kernel));
  expect(KERNEL_NAMES.filter((name) => !run.has(name))).toEqual(AS_LAYERS);
});

describe('the distance of two tensors', () => {
  const shape = [300, 100];
  const values = Float32Array.from({ length: 30_000 }, (_, at) => Math.sin(at));
  const distanceOf = (change: (copy: Float32Array) => void) => {
    const copy = values.slice();
    change(copy);
    return distance(summarise(copy, shape), summarise(values, shape));
  };

  test('is 0 of equal ones and that of the rounding of rounded ones', () => {
    expect(distanceOf(() => {})).toBe(0);
    const rounded = distanceOf((copy) => copy.set(copy.map((value, at) => value * (1 + (at % 2) / 512))));
    expect(rounded).toBeGreaterThan(1e-4);
    expect(rounded).toBeLessThan(3e-3);
  });

  test('is infinite where one value that nobody samples was not written', () => {
    expect(distanceOf((copy) => (copy[1234] = Number.NaN))).toBe(Number.POSITIVE_INFINITY);
  });

  test('is large where a channel is another one, or the last row is missing', () => {
    expect(distanceOf((copy) => copy.set(copy.slice(1), 0))).toBeGreaterThan(0.1);
    expect(distanceOf((copy) => copy.fill(0, 29_900))).toBeGreaterThan(1e-2);
    expect(distance(summarise(values, [100, 300]), summarise(values, shape))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('sums in double precision', () => {
  const norm = kernelCases(2).find(({ kernel }) => kernel === 'BatchNormTraining')!;
  const x = hostInput(norm.inputs.x!, 0);
  const channels = norm.inputs.x!.shape[3]!;
  const rows = x.length / channels;

  /** Statistics as a device has them that rounds every partial sum. */
  function statistics(round: (value: number) => number): Float32Array[] {
    const [mean, variance] = [new Float32Array(channels), new Float32Array(channels)];
    // Those that are looked at.
    for (const channel of [0, Math.floor((channels - 1) / 2), channels - 1]) {
      let [sum, squares] = [0, 0];
      for (let row = 0; row < rows; row++) {
        const value = x[row * channels + channel]!;
        sum = round(sum + value);
        squares = round(squares + value * value);
      }
      mean[channel] = sum / rows;
      variance[channel] = squares / rows - mean[channel]! ** 2;
    }
    return [x, mean, variance];
  }

  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  const toBfloat16 = (value: number) => {
    float[0] = value;
    bits[0]! &= 0xffff0000;
    return float[0]!;
  };

  test('find statistics that were summed up in bf16, and none in float32', () => {
    expect(errorOfSums(norm, statistics(Math.fround))).toBeLessThan(1e-4);
    expect(errorOfSums(norm, statistics(toBfloat16))).toBeGreaterThan(1e-2);
  });
});
