import { tf } from 'dna-nas/nn';
import { resizeFeatures } from 'dna-nas/nn/features';
import { describe, expect, it } from 'vitest';
import { onCpu } from './on-cpu.js';

onCpu();

/** Height × width × 2 channels; the second is ten times the first. */
function features(height: number, width: number): tf.Tensor4D {
  const values = Array.from({ length: height * width }, (_, index) => [index, 10 * index]);
  return tf.tensor4d(values.flat(), [1, height, width, 2]);
}

function resized(height: number, width: number, to: { height: number; width: number }): number[][][] {
  return tf.tidy(() => resizeFeatures(features(height, width), to).arraySync()[0]!);
}

describe('resizeFeatures', () => {
  it('takes the mean of each window where the size divides', () => {
    expect(resized(2, 4, { height: 1, width: 2 })).toEqual([
      [
        [2.5, 25],
        [4.5, 45],
      ],
    ]);
  });

  it('gives a new tensor of the same values for the same size', () => {
    const x = features(2, 3);
    const same = resizeFeatures(x, { height: 2, width: 3 });
    expect(same).not.toBe(x);
    x.dispose();
    expect(Array.from(same.dataSync())).toEqual([0, 0, 1, 10, 2, 20, 3, 30, 4, 40, 5, 50]);
    same.dispose();
  });

  it('is bilinear between pixel centres elsewhere', () => {
    // A row 0, 1 doubled: centres at −0.25, 0.25, 0.75, 1.25, clamped to the ends.
    const row = resized(1, 2, { height: 1, width: 4 })[0]!.map(([first]) => first);
    expect(row).toEqual([0, 0.25, 0.75, 1]);
    // 0, 1, 2 to two pixels: centres at 0.25 and 1.75.
    const smaller = resized(1, 3, { height: 1, width: 2 })[0]!.map(([, second]) => second);
    expect(smaller).toEqual([2.5, 17.5]);
  });

  it('refuses sizes that are none', () => {
    const x = features(2, 2);
    expect(() => resizeFeatures(x, { height: 0, width: 2 })).toThrow(/whole numbers from 1, not 0×2/);
    x.dispose();
  });
});
