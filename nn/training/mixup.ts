import type { RandomStream } from 'dna-nas/core';
import {
  add,
  cast,
  mul,
  oneHot,
  reverse,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '../tensor.js';

/** A batch whose images and labels are blends of two. */
export interface MixedBatch {
  /** [n, height, width, channels] */
  readonly images: Tensor4D;
  /** Distributions over the classes, [n, classes]. */
  readonly labels: Tensor2D;
}

/**
 * The share λ of an image in its blend, from Beta(alpha, alpha). A pure function of the stream; `alpha` is above 0.
 */
export function drawMixingShare(alpha: number, random: RandomStream): number {
  const first = logGamma(alpha, random.fork('first'));
  const second = logGamma(alpha, random.fork('second'));
  return 1 / (1 + Math.exp(second - first));
}

/**
 * The logarithm of a draw from Gamma(shape, 1) by Marsaglia and Tsang (2000). By logarithms, as draws of small shapes
 * are too small for a number.
 */
function logGamma(shape: number, random: RandomStream): number {
  const boosted = shape + 1;
  const d = boosted - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    const u = 1 - random.uniform();
    if (v <= 0 || Math.log(u) >= 0.5 * x * x + d * (1 - v + Math.log(v))) continue;
    return Math.log(d * v) + Math.log(1 - random.uniform()) / shape;
  }
}

/**
 * Mixup (Zhang et al. 2018): image i becomes λ · image i + (1 − λ) · image n−1−i, and so do the labels. Batches are
 * drawn at random, so that to pair them from both ends is to pair them at random.
 */
export function mixUp(
  { images, labels }: { images: Tensor4D; labels: Tensor1D },
  { share, classes }: { share: number; classes: number },
): MixedBatch {
  const targets = tidy(() => cast(oneHot(labels, classes), 'float32') as Tensor2D);
  const blended = tidy(() => ({ images: blendEnds(images, share), labels: blendEnds(targets, share) }));
  targets.dispose();
  return blended as MixedBatch;
}

function blendEnds<T extends Tensor2D | Tensor4D>(x: T, share: number): T {
  return add(mul(x, share), mul(reverse(x, 0), 1 - share));
}
