import type { RandomStream } from 'dna-nas/core';
import { drawn } from '../recording/index.js';
import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';

/** Draws a mask of 0 with probability `rate` and 1/(1 − rate) otherwise: one 32-bit draw an element. */
function drawMask(count: number, rate: number, random: RandomStream): Float32Array {
  const values = new Float32Array(count);
  const dropBelow = rate * 2 ** 32;
  const kept = 1 / (1 - rate);
  for (let index = 0; index < values.length; index++) values[index] = random.uint32() < dropBelow ? 0 : kept;
  return values;
}

function masked(
  op: string,
  x: Tensor,
  shape: number[],
  draw: { rate: number; random: RandomStream },
): Tensor {
  const { rate, random } = draw;
  if (!(rate >= 0 && rate < 1))
    throw new RangeError(`${op}: expected a rate from 0 to below 1, found ${rate}.`);
  if (rate === 0) return tf.clone(x);
  const count = shape.reduce((product, extent) => product * extent, 1);
  return tf.tidy(() =>
    tf.mul(
      x,
      drawn(shape, random, (stream) => drawMask(count, rate, stream)),
    ),
  );
}

/**
 * Sets each element to zero with probability `rate` and scales the others by 1/(1 − rate); any shape. The mask comes
 * from `random` alone, so equal streams give equal masks; a rate of 0 draws nothing.
 */
export function dropout(x: Tensor, rate: number, random: RandomStream): Tensor {
  return masked('dropout', x, x.shape, { rate, random });
}

/**
 * Sets each sample (first axis) to zero as a whole with probability `rate` and scales the others by 1/(1 − rate);
 * also called stochastic depth or drop path when x is a residual branch. One draw a sample.
 */
export function dropConnect(x: Tensor, rate: number, random: RandomStream): Tensor {
  const shape = x.shape.map((extent, axis) => (axis === 0 ? extent : 1));
  return masked('dropConnect', x, shape, { rate, random });
}
