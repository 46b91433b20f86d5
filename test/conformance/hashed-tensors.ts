import type { Network, StateDict } from 'dna-nas/core/contracts';
import { fileShape } from 'dna-nas/nn/weights';

/** Numbers that depend on a name and their place alone, as `scripts/hashed_tensors.py` makes them. */

const PROJECTIONS = 8;

function seedOf(text: string): number {
  let seed = 0x811c9dc5;
  for (const byte of Buffer.from(text)) seed = Math.imul(seed ^ byte, 0x01000193);
  return seed >>> 0;
}

function bitsAt(seed: number, index: number): number {
  let x = (Math.imul(index, 0x9e3779b9) + seed) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

function uniform(name: string, shape: readonly number[], low: number, high: number): Float32Array {
  const seed = seedOf(name);
  const length = shape.reduce((product, extent) => product * extent, 1);
  const values = new Float32Array(length);
  for (let index = 0; index < length; index++)
    values[index] = low + (high - low) * (bitsAt(seed, index) / 2 ** 32);
  return values;
}

function bounds(name: string, shape: readonly number[]): readonly [number, number] {
  if (name.endsWith('running_mean') || name.endsWith('bias')) return [-0.1, 0.1];
  if (name.endsWith('running_var')) return [0.5, 1.5];
  if (shape.length === 1) return [0.3, 0.9];
  const bound = Math.sqrt(6 / shape.slice(1).reduce((product, extent) => product * extent, 1));
  return [-bound, bound];
}

/** Weights for every tensor of a network, in the layout of files. */
export function hashedWeights(network: Network): StateDict {
  return new Map(
    [...network.tensors()].map(([name, tensor]) => {
      const shape = fileShape(tensor as Parameters<typeof fileShape>[0]);
      return [name, { shape: [...shape], data: uniform(name, shape, ...bounds(name, shape)) }];
    }),
  );
}

/** Two images of 3 channels, NHWC. */
export function hashedImages(size: number): Float32Array {
  const planes = uniform(`images ${size}`, [2, 3, size, size], -1.7, 1.7);
  const plane = size * size;
  return Float32Array.from({ length: planes.length }, (_, index) => {
    const [channel, pixel] = [index % 3, Math.floor(index / 3)];
    const image = Math.floor(pixel / plane);
    return planes[(image * 3 + channel) * plane + (pixel % plane)]!;
  });
}

/** What the script keeps of a tensor. */
export interface Summary {
  readonly shape: readonly number[];
  readonly norm: number;
  /** Sums of the values with random signs. */
  readonly sums: readonly number[];
}

/** Distance of a tensor from one that was summed up, in norms of that one: a sum's spread is the tensors' distance. */
export function relativeDistance(values: Float32Array, { sums, norm }: Summary): number {
  const seed = seedOf('signs');
  const own = new Float64Array(PROJECTIONS);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    for (let sum = 0; sum < PROJECTIONS; sum++)
      own[sum]! += bitsAt(seed, index * PROJECTIONS + sum) >= 2 ** 31 ? -value : value;
  }
  const squares = sums.reduce((total, sum, index) => total + (own[index]! - sum) ** 2, 0);
  return Math.sqrt(squares / PROJECTIONS) / norm;
}
