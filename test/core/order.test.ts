import { randomStream } from 'dna-nas/core';
import { pathCount, pathOf } from 'dna-nas/core/space';
import { BatchOrder } from 'dna-nas/nn/training';
import { describe, expect, it } from 'vitest';

describe('the order of batches', () => {
  const order = () => new BatchOrder(randomStream('order'), 50, 8);

  it('is a pure function of the step, so a resumed run reads the same sequence', () => {
    const all = Array.from({ length: 20 }, (_, step) => [...order().indices(step)]);
    const resumed = order();
    expect([...resumed.indices(13)]).toEqual(all[13]);
    expect([...resumed.indices(2)]).toEqual(all[2]);
  });

  it('reads no image twice in an epoch and leaves out less than a batch', () => {
    const batches = order();
    expect(batches.stepsPerEpoch).toBe(6);
    for (const epoch of [0, 1]) {
      const seen = [0, 1, 2, 3, 4, 5].flatMap((step) => [...batches.indices(6 * epoch + step)]);
      expect(new Set(seen).size).toBe(48);
      expect(Math.max(...seen)).toBeLessThan(50);
    }
  });

  it('draws each epoch anew', () => {
    expect([...order().indices(0)]).not.toEqual([...order().indices(6)]);
  });

  it('counts the steps of fractional epochs, at least one', () => {
    expect([order().steps(2), order().steps(0.5), order().steps(0.001)]).toEqual([12, 3, 1]);
  });

  it('refuses a batch that there are no images for', () => {
    expect(() => new BatchOrder(randomStream(1), 4, 8)).toThrow(
      'A batch of 8 cannot be drawn from 4 images.',
    );
  });
});

describe('the number of a path', () => {
  it('counts all paths, the last layer fastest', () => {
    const choices = [2, 1, 3];
    const paths = Array.from({ length: pathCount(choices) }, (_, number) => pathOf(number, choices));
    expect(paths).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [0, 0, 2],
      [1, 0, 0],
      [1, 0, 1],
      [1, 0, 2],
    ]);
  });
});
