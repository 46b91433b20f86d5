import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { hasKernel, runKernel } from './kernel.js';
import { shapeError } from './shapes.js';

/** One moving value, and what it moves towards. */
export interface BlendPair {
  readonly old: Tensor;
  readonly fresh: Tensor;
  /** Factor of `fresh`. */
  readonly share: number;
}

/**
 * old · keep + fresh · share for every pair, in one kernel where the backend has it: moving averages. Not
 * differentiable; the results are the caller's to keep or dispose.
 */
export function blend(pairs: readonly BlendPair[], keep: number): Tensor[] {
  for (const { old, fresh } of pairs) {
    if (old.shape.join() !== fresh.shape.join())
      throw shapeError('blend', 'pairs of one shape', { old, fresh });
  }
  if (!hasKernel('Blend')) {
    return pairs.map(({ old, fresh, share }) =>
      tf.tidy(() => tf.add(tf.mul(old, keep), share === 1 ? fresh : tf.mul(fresh, share))),
    );
  }
  const inputs = pairs.flatMap(({ old, fresh }) => [old, fresh]);
  const attributes = { keep, shares: pairs.map(({ share }) => share) };
  return runKernel<Tensor[]>('Blend', inputs as unknown as Record<string, Tensor>, attributes);
}
