import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import type { Activation } from 'dna-nas/nn/kernels';
import { batchNorm, batchNormTraining, scaleShift } from 'dna-nas/nn/ops';
import { it } from 'vitest';
import * as float64 from '../../ops/float64.js';
import { checkOp, draw, drawUniform, expectClose, toTensor, withoutLeaks } from './check.js';

const CASES: readonly (readonly [number[], Activation, number])[] = [
  [[2, 5, 5, 8], 'none', 1e-5],
  [[2, 5, 5, 8], 'swish', 1e-3],
  [[4, 7, 6, 24], 'swish', 1e-5],
  [[2, 3, 3, 40], 'relu', 1e-5],
  [[1, 3, 3, 5], 'relu6', 1e-3],
  [[3, 4, 1, 13], 'swish', 1e-3],
  [[1, 2, 3, 1], 'sigmoid', 1e-5],
  [[6, 16], 'none', 1e-3],
  [[7, 3], 'swish', 1e-5],
  [[2, 17, 16, 16], 'relu6', 1e-3],
];

/** A scale about 3 brings relu6 to its upper kink too. */
function vectors(name: string, channels: number) {
  const random = randomStream(name);
  return {
    scale: draw(random.fork('scale'), [channels], 3),
    offset: draw(random.fork('offset'), [channels]),
    mean: draw(random.fork('mean'), [channels]),
    variance: drawUniform(random.fork('variance'), [channels], [0.3, 3]),
  };
}

function statisticsCase(about: number): Promise<void> {
  const shape = [3, 9, 7, 24];
  const x = draw(randomStream('statistics').fork(about), shape, about);
  const { scale, offset } = vectors('statistics', 24);
  const wanted = float64.channelStatistics(x);
  return withoutLeaks(() => {
    tf.tidy(() => {
      const { y, mean, variance } = batchNormTraining(toTensor(x), toTensor(scale), toTensor(offset));
      expectClose(mean, wanted.mean, 1e-6);
      // The mean of squares less the square of the mean would lose this many digits about 100.
      expectClose(variance, wanted.variance, 2e-5);
      expectClose(y, float64.batchNorm({ x, scale, offset, ...wanted }, 1e-5, 'none'));
    });
  });
}

export function batchNormTrainingCases(): void {
  it.each(CASES)('[%s] %s, epsilon %d', (shape, activation, epsilon) => {
    const name = `${shape} ${activation}`;
    const { scale, offset } = vectors(name, shape.at(-1)!);
    return checkOp({
      inputs: { x: draw(randomStream(name), shape), scale, offset },
      actual: (given) => batchNormTraining(given.x, given.scale, given.offset, { epsilon, activation }).y,
      expected: (given) => {
        const statistics = float64.channelStatistics(given.x);
        return float64.batchNorm({ ...given, ...statistics }, epsilon, activation);
      },
    });
  });
  it.each([0, 10, 100])('returns the statistics of values about %d', statisticsCase);
}

export function batchNormCases(): void {
  it.each(CASES)('[%s] %s, epsilon %d', (shape, activation, epsilon) => {
    const name = `${shape} ${activation}`;
    return checkOp({
      inputs: { x: draw(randomStream(name), shape), ...vectors(name, shape.at(-1)!) },
      actual: ({ x, ...rest }) => batchNorm(x, rest, { epsilon, activation }),
      expected: (given) => float64.batchNorm(given, epsilon, activation),
    });
  });
}

export function scaleShiftCases(): void {
  it.each(CASES)('[%s] %s', (shape, activation) => {
    const name = `${shape} ${activation}`;
    const { scale, offset: shift } = vectors(name, shape.at(-1)!);
    const neutral = { mean: float64.values(scale.shape), variance: float64.values(scale.shape, () => 1) };
    return checkOp({
      inputs: { x: draw(randomStream(name), shape), scale, shift },
      actual: (given) => scaleShift(given.x, given.scale, given.shift, activation),
      expected: (given) => float64.batchNorm({ ...given, ...neutral, offset: given.shift }, 0, activation),
    });
  });
}
