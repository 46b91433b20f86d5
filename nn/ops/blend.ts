import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { hasKernel, runKernel } from './kernel.js';
import { sameExtents, shapeError } from './shapes.js';

/** One moving value, and what it moves towards. */
export interface BlendPair {
  readonly old: Tensor;
  readonly fresh: Tensor;
  /** Factor of `fresh`. */
  readonly share: number;
  /** Is given the result in the place of `old`, unless the backend has given `old` itself its new value. */
  take(result: Tensor): void;
}

/**
 * old · keep + fresh · share for every pair, in one kernel where the backend has it: moving averages. Not
 * differentiable.
 */
export function blend(pairs: readonly BlendPair[], keep: number): void {
  for (const { old, fresh } of pairs) {
    if (!sameExtents(old.shape, fresh.shape)) throw shapeError('blend', 'pairs of one shape', { old, fresh });
  }
  const results = hasKernel('Blend') ? fused(pairs, keep) : composed(pairs, keep);
  results.forEach((result, index) => {
    pairs[index]!.take(result);
  });
}

/** None where the kernel has written them over the old values. */
function fused(pairs: readonly BlendPair[], keep: number): readonly Tensor[] {
  const inputs = pairs.flatMap(({ old, fresh }) => [old, fresh]);
  return runKernel('Blend', inputs, { keep, shares: pairs.map(({ share }) => share) });
}

function composed(pairs: readonly BlendPair[], keep: number): Tensor[] {
  return pairs.map(({ old, fresh, share }) =>
    tf.tidy(() => tf.add(tf.mul(old, keep), share === 1 ? fresh : tf.mul(fresh, share))),
  );
}
