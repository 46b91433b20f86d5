import type { DataDescription, FeatureShape, Split } from 'dna-nas/core/contracts';

/**
 * A whole data set in memory that threads share: raw bytes, and which of them make each split. Plain data: it crosses
 * to another thread by structured clone without being copied.
 */
export interface ImageMemory {
  readonly description: DataDescription;
  /** All images one after the other, height × width × channels, over a `SharedArrayBuffer`. */
  readonly pixels: Uint8Array;
  /** Class of each image. */
  readonly labels: Uint8Array;
  /** Numbers of the images of each split, in the split's order. */
  readonly images: Readonly<Record<Split, Uint32Array>>;
  readonly normalisation: Normalisation;
}

/** One value a channel, in the scale 0 to 1: `(byte ÷ 255 − mean) ÷ std`. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Zeros in memory that threads can share. */
export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

/** Copies image numbers to memory that threads can share. */
export function sharedNumbers(numbers: ArrayLike<number>): Uint32Array {
  const shared = new Uint32Array(new SharedArrayBuffer(numbers.length * 4));
  shared.set(numbers);
  return shared;
}

/** Mean and standard deviation (over all pixels, n in the denominator) of each channel of some images. */
export function measureChannels(pixels: Uint8Array, images: Uint32Array, shape: FeatureShape): Normalisation {
  const { channels } = shape;
  const size = shape.height * shape.width * channels;
  // Counting bytes is exact, so the order of the images cannot change a bit of the result.
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  for (const image of images) {
    const end = (image + 1) * size;
    for (let channel = 0; channel < channels; channel++) {
      const count = counts[channel]!;
      for (let at = image * size + channel; at < end; at += channels) count[pixels[at]!]!++;
    }
  }
  const moments = counts.map(momentsOf);
  return { mean: moments.map(({ mean }) => mean), std: moments.map(({ std }) => std) };
}

function momentsOf(count: Float64Array): { mean: number; std: number } {
  const total = count.reduce((sum, n) => sum + n, 0);
  const mean = count.reduce((sum, n, byte) => sum + n * byte, 0) / total;
  const variance = count.reduce((sum, n, byte) => sum + n * (byte - mean) ** 2, 0) / total;
  // A constant channel is only centred.
  return { mean: mean / 255, std: variance > 0 ? Math.sqrt(variance) / 255 : 1 };
}
