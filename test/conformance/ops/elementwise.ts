import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import type { Activation } from 'dna-nas/nn/kernels';
import {
  activate,
  channelGate,
  dropConnect,
  dropout,
  globalMean,
  relu6,
  squeezeExcite,
  swish,
} from 'dna-nas/nn/ops';
import { expect, it } from 'vitest';
import * as float64 from '../../ops/float64.js';
import { checkOp, draw, drawUniform, expectClose, toTensor, withoutLeaks } from './check.js';

const ACTIVATIONS: readonly Activation[] = ['none', 'relu', 'relu6', 'swish', 'sigmoid'];
const MAPS = [
  [2, 5, 5, 8],
  [1, 3, 4, 5],
  [3, 1, 1, 16],
  [2, 4, 3, 24],
  [1, 7, 7, 40],
] as const;

export function activateCases(): void {
  it.each(ACTIVATIONS)('%s', async (activation) => {
    for (const shape of [[1], [7], [3, 5, 8], [2, 3, 4, 41]]) {
      await checkOp({
        inputs: { x: drawUniform(randomStream(activation), shape, [-9, 9]) },
        actual: ({ x }) => activate(x, activation),
        expected: ({ x }) => float64.activate(x, activation),
      });
    }
  });
  it.each(['swish', 'sigmoid'] as const)('%s far from zero', (activation) =>
    withoutLeaks(() => {
      tf.tidy(() => {
        const x = float64.values([9], (index) => [-1e4, -200, -90, -30, 0, 30, 90, 200, 1e4][index]!);
        expectClose(activate(toTensor(x), activation), float64.activate(x, activation));
        const slopes = tf
          .grad((tensor) => activate(tensor, activation))(toTensor(x))
          .dataSync();
        const wanted =
          activation === 'swish' ? [0, 0, 0, 0, 0.5, 1, 1, 1, 1] : [0, 0, 0, 0, 0.25, 0, 0, 0, 0];
        Array.from(slopes).forEach((slope, index) => {
          expect(slope).toBeCloseTo(wanted[index]!, 6);
        });
      });
    }),
  );
  it('swish and relu6 by name', () =>
    withoutLeaks(() => {
      tf.tidy(() => {
        const x = draw(randomStream('by name'), [11], 2);
        expectClose(swish(toTensor(x)), float64.activate(x, 'swish'));
        expectClose(relu6(toTensor(x)), float64.activate(x, 'relu6'));
      });
    }));
}

export function globalMeanCases(): void {
  it.each(MAPS)('[%i, %i, %i, %i]', (...shape) =>
    checkOp({
      inputs: { x: draw(randomStream('mean').fork(...shape), shape) },
      actual: ({ x }) => globalMean(x),
      expected: ({ x }) => float64.globalMean(x),
    }),
  );
}

export function channelGateCases(): void {
  it.each(MAPS)('[%i, %i, %i, %i]', (...shape) => {
    const random = randomStream('gate').fork(...shape);
    return checkOp({
      inputs: { x: draw(random.fork('x'), shape), gate: draw(random.fork('gate'), [shape[0], shape[3]]) },
      actual: ({ x, gate }) => channelGate(x, gate),
      expected: ({ x, gate }) => float64.channelGate(x, gate),
    });
  });
}

export function squeezeExciteCases(): void {
  it.each(MAPS)('[%i, %i, %i, %i]', (...shape) => {
    const random = randomStream('squeeze').fork(...shape);
    const [, , , channels] = shape;
    const reduced = Math.max(1, Math.floor(channels / 4));
    const activation = channels > 20 ? 'relu' : 'swish';
    return checkOp({
      inputs: {
        x: draw(random.fork('x'), shape),
        reduceWeight: draw(random.fork('reduceWeight'), [channels, reduced]),
        reduceBias: draw(random.fork('reduceBias'), [reduced]),
        expandWeight: draw(random.fork('expandWeight'), [reduced, channels]),
        expandBias: draw(random.fork('expandBias'), [channels]),
      },
      actual: ({ x, ...weights }) => squeezeExcite(x, weights, { activation }),
      expected: (inputs) => float64.squeezeExcite(inputs, activation),
    });
  });
}

/** The mask, read off an output of ones; the gradient of the same draw must be that mask. */
function masks(
  op: typeof dropout,
  shape: number[],
  rate: number,
): { mask: Float32Array; slopes: Float32Array } {
  return tf.tidy(() => {
    const ones = tf.ones(shape);
    const run = (x: tf.Tensor): tf.Tensor => op(x, rate, randomStream('mask').fork('dropout'));
    return {
      mask: run(ones).dataSync() as Float32Array,
      slopes: tf.grad(run)(ones).dataSync() as Float32Array,
    };
  });
}

export function dropCases(): void {
  it.each([
    ['dropout', dropout, [50, 80]],
    ['dropConnect', dropConnect, [4000, 1, 1, 3]],
  ] as const)('%s zeroes its share, scales the rest and passes gradients by its mask', (_, op, shape) =>
    withoutLeaks(() => {
      const { mask, slopes } = masks(op, [...shape], 0.2);
      expect(slopes).toEqual(mask);
      expect(new Set(mask)).toEqual(new Set([0, 1.25]));
      const dropped = mask.filter((value) => value === 0).length / mask.length;
      // Four standard deviations of a share among 4,000 draws.
      expect(Math.abs(dropped - 0.2)).toBeLessThan(0.026);
      expect(masks(op, [...shape], 0.2).mask).toEqual(mask);
    }),
  );
  it('dropConnect drops whole samples', () =>
    withoutLeaks(() => {
      const { mask } = masks(dropConnect, [40, 2, 3, 5], 0.5);
      for (let sample = 0; sample < 40; sample++) {
        expect(new Set(mask.subarray(sample * 30, (sample + 1) * 30)).size).toBe(1);
      }
    }));
  it('a rate of 0 changes nothing and draws nothing', () =>
    withoutLeaks(() => {
      const random = randomStream('unused');
      const y = tf.tidy(() => dropout(dropConnect(tf.range(0, 6), 0, random), 0, random).dataSync());
      expect(Array.from(y)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(random.uint32()).toBe(randomStream('unused').uint32());
    }));
}
