import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { tf } from 'dna-nas/nn';
import { hasKernel } from 'dna-nas/nn/kernels';
import { type MbConvWeights, mbConvTraining } from 'dna-nas/nn/ops';
import { startCudaBackend } from 'dna-nas/plugins/backend-cuda';
import { beforeAll, expect, it } from 'vitest';
import { describeCuda } from './installed.js';

function bits(threads: number, workers: number): string[] {
  const program = join(import.meta.dirname, 'mb-conv-bits.mjs');
  const words = [program, String(threads), String(workers)];
  return execFileSync(process.execPath, words, { encoding: 'utf8' }).trim().split('\n');
}

function weights(channels: number): MbConvWeights {
  const norm = (size: number) => ({ scale: tf.ones([size]), offset: tf.zeros([size]) });
  return {
    ...{
      expand: tf.ones([1, 1, 3, 8]),
      norm1: norm(8),
      filter: tf.ones([3, 3, 8, 1]),
      norm2: norm(channels),
    },
    ...{ reduce: tf.ones([1, 1, 8, 2]), reduceBias: tf.zeros([2]) },
    ...{ excite: tf.ones([1, 1, 2, 8]), exciteBias: tf.zeros([8]) },
    ...{ project: tf.ones([1, 1, 8, 4]), norm3: norm(4) },
  };
}

describeCuda('a whole MBConv', () => {
  beforeAll(async () => void (await startCudaBackend({ device: 'cpu' })));

  it('is one op', () => {
    expect(hasKernel('MbConvTraining')).toBe(true);
  });

  it('names what it was given where weights do not fit', () => {
    const options = { stride: 1, padding: 'same', epsilon: 1e-3, activation: 'swish' } as const;
    const run = (channels: number) =>
      tf.tidy(() => mbConvTraining(tf.ones([1, 4, 4, 3]), weights(channels), options).y.shape);
    expect(run(8)).toEqual([1, 4, 4, 4]);
    expect(() => run(7)).toThrow(/thirteen weights of an MBConv.*found \[1, 4, 4, 3\] and \[1, 1, 3, 8\]/s);
  });

  it('has the same bits on any threads, and while another JavaScript thread computes', () => {
    const all = [...bits(1, 1), ...bits(2, 2), ...bits(3, 3)];
    expect(all).toHaveLength(6);
    expect(new Set(all).size).toBe(1);
  });
});
