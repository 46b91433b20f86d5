import { type Plugin, randomStream } from 'dna-nas/core';
import type { NetworkTensor } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';
import { Linear } from 'dna-nas/nn/layers';
import { optimiserAdam, optimiserRmsprop, optimiserSgd } from 'dna-nas/plugins/optimisers';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { answer } from '../plugins/plugin-run.js';

onCpu();

const START = 0.8;
const GRADIENTS = [0.3, -0.1, 0.2];
const RATE = 0.05;

/** A weight after three steps of an optimiser. */
async function trained(plugin: Plugin): Promise<number> {
  const optimiser = (await answer(plugin, 'resolveOptimiser'))();
  const layer = new Linear({ inputs: 1, outputs: 1, bias: false }).initialise(randomStream(1));
  const weight = layer.tensors().get('weight') as NetworkTensor;
  weight.set(Float32Array.of(START));
  for (const value of GRADIENTS) {
    const gradient = tf.tensor([value], [1, 1]);
    optimiser.step(new Map([['weight', weight]]), new Map([['weight', gradient]]), RATE);
    gradient.dispose();
  }
  const [result] = weight.value.dataSync();
  optimiser.dispose();
  layer.dispose();
  return result!;
}

interface Adam {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** Kingma and Ba (2015), algorithm 1; the decay joins the gradient. */
function adam({ beta1, beta2, epsilon, weightDecay }: Adam): number {
  let [weight, mean, variance] = [START, 0, 0];
  GRADIENTS.forEach((raw, index) => {
    const gradient = raw + weightDecay * weight;
    mean = beta1 * mean + (1 - beta1) * gradient;
    variance = beta2 * variance + (1 - beta2) * gradient ** 2;
    const unbiased = [mean / (1 - beta1 ** (index + 1)), variance / (1 - beta2 ** (index + 1))] as const;
    weight -= (RATE * unbiased[0]) / (Math.sqrt(unbiased[1]) + epsilon);
  });
  return weight;
}

interface Rmsprop {
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** TensorFlow's RMSProp: the mean square starts at 1, epsilon is under the root, the rate in the momentum. */
function rmsprop({ decay, momentum, epsilon, weightDecay }: Rmsprop): number {
  let [weight, square, velocity] = [START, 1, 0];
  for (const raw of GRADIENTS) {
    const gradient = raw + weightDecay * weight;
    square = decay * square + (1 - decay) * gradient ** 2;
    velocity = momentum * velocity + (RATE * gradient) / Math.sqrt(square + epsilon);
    weight -= velocity;
  }
  return weight;
}

interface Sgd {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

function sgd({ momentum, nesterov, weightDecay }: Sgd): number {
  let [weight, velocity] = [START, 0];
  for (const raw of GRADIENTS) {
    const gradient = raw + weightDecay * weight;
    velocity = momentum * velocity + gradient;
    weight -= RATE * (nesterov ? gradient + momentum * velocity : velocity);
  }
  return weight;
}

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const RMSPROP = { decay: 0.9, momentum: 0.9, epsilon: 1e-3, weightDecay: 0 };
const SGD = { momentum: 0.9, nesterov: false, weightDecay: 0 };

/** Each option once on its own, the others as they are by default. */
const CASES: readonly [name: string, plugin: Plugin, expected: number][] = [
  ...[{}, { beta1: 0.5 }, { beta2: 0.7 }, { epsilon: 0.1 }, { weightDecay: 0.5 }].map(
    (options) =>
      [`adam ${JSON.stringify(options)}`, optimiserAdam(options), adam({ ...ADAM, ...options })] as const,
  ),
  ...[{}, { decay: 0.5 }, { momentum: 0.3 }, { epsilon: 0.5 }, { weightDecay: 0.5 }].map(
    (options) =>
      [
        `rmsprop ${JSON.stringify(options)}`,
        optimiserRmsprop(options),
        rmsprop({ ...RMSPROP, ...options }),
      ] as const,
  ),
  ...[{}, { momentum: 0.3 }, { nesterov: true }, { weightDecay: 0.5 }].map(
    (options) =>
      [`sgd ${JSON.stringify(options)}`, optimiserSgd(options), sgd({ ...SGD, ...options })] as const,
  ),
].map(([name, plugin, expected]) => [name, plugin, expected]);

describe('three steps of an optimiser are those of its definition', () => {
  it.each(CASES)('%s', async (_, plugin, expected) => {
    expect(await trained(plugin)).toBeCloseTo(expected, 5);
  });

  it.each(['adam', 'rmsprop', 'sgd'])('each option of %s changes them', (kind) => {
    const results = CASES.filter(([name]) => name.startsWith(kind)).map(([, , weight]) => weight.toFixed(4));
    expect(new Set(results).size).toBe(results.length);
  });
});
