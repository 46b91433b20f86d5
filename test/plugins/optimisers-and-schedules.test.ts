import { type Plugin, randomStream } from 'dna-nas/core';
import type { NetworkTensor } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';
import { Linear } from 'dna-nas/nn/layers';
import { optimiserAdam, optimiserRmsprop, optimiserSgd } from 'dna-nas/plugins/optimisers';
import {
  scheduleConstant,
  scheduleCosine,
  scheduleExponential,
  scheduleStep,
} from 'dna-nas/plugins/schedules';
import { describe, expect, it } from 'vitest';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

onCpu();

const START = 0.8;
const GRADIENT = 0.3;
const DECAY = 0.1;
const RATE = 0.05;
/** The decay is coupled: it joins the gradient. */
const COUPLED = GRADIENT + DECAY * START;

const rms = Math.sqrt(0.9 + 0.1 * COUPLED ** 2 + 0.001);

describe('optimisers', () => {
  const cases: [Plugin, number][] = [
    [optimiserAdam({ weightDecay: DECAY }), START - RATE],
    [optimiserSgd({ weightDecay: DECAY }), START - RATE * COUPLED],
    [optimiserSgd({ weightDecay: DECAY, nesterov: true }), START - RATE * 1.9 * COUPLED],
    [optimiserRmsprop({ weightDecay: DECAY }), START - (RATE * COUPLED) / rms],
  ];

  it.each(cases.map(([plugin, expected]) => [plugin.name, plugin, expected] as const))(
    '%s takes its first step with its options',
    async (_, plugin, expected) => {
      const optimiser = (await answer(plugin, 'resolveOptimiser'))();
      const layer = new Linear({ inputs: 1, outputs: 1, bias: false }).initialise(randomStream(1));
      const weight = layer.tensors().get('weight') as NetworkTensor;
      weight.set(Float32Array.of(START));
      const gradient = tf.tensor([GRADIENT], [1, 1]);
      optimiser.step(new Map([['weight', weight]]), new Map([['weight', gradient]]), RATE);
      expect(weight.value.dataSync()[0]).toBeCloseTo(expected, 5);
      optimiser.dispose();
      layer.dispose();
      gradient.dispose();
    },
  );

  it('are made anew for each cell', async () => {
    const factory = await answer(optimiserAdam(), 'resolveOptimiser');
    expect(factory()).not.toBe(factory());
  });

  it('refuse options that are none', () => {
    expect(() => optimiserAdam({ beta1: 1 })).toThrow(/beta1/);
    expect(() => optimiserSgd({ weightDecay: -1 })).toThrow(/weightDecay/);
    expect(() => optimiserRmsprop({ epsilom: 1 } as object)).toThrow(/epsilon/);
  });
});

describe('schedules', () => {
  const STEPS = { steps: 100, stepsPerEpoch: 10 };
  const rates = async (plugin: Plugin, ...steps: number[]) => {
    const schedule = (await answer(plugin, 'resolveSchedule'))(STEPS);
    return steps.map(schedule);
  };
  const expectRates = (found: number[], expected: number[]) => {
    for (const [index, rate] of expected.entries()) expect(found[index]).toBeCloseTo(rate, 10);
  };

  it('constant stays', async () => {
    expectRates(await rates(scheduleConstant({ rate: 0.2 }), 0, 37, 99), [0.2, 0.2, 0.2]);
  });

  it('step falls in stairs of epochs', async () => {
    expectRates(await rates(scheduleStep({ rate: 1, factor: 0.9 }), 0, 9, 10, 25), [1, 1, 0.9, 0.81]);
    expectRates(
      await rates(scheduleStep({ rate: 1, factor: 0.5, every: 2.4 }), 23, 24, 47, 48),
      [1, 0.5, 0.5, 0.25],
    );
  });

  it('exponential falls smoothly', async () => {
    expectRates(await rates(scheduleExponential({ rate: 1, factor: 0.25 }), 0, 5, 10), [1, 0.5, 0.25]);
  });

  it('cosine falls over the whole training, to its final rate', async () => {
    expectRates(await rates(scheduleCosine({ rate: 1, final: 0.2 }), 0, 50, 100), [1, 0.6, 0.2]);
  });

  it('warms up in a line, the schedule counting all the same', async () => {
    const warm = { warmUpEpochs: 2, warmUpFrom: 0.1 };
    expectRates(await rates(scheduleStep({ rate: 1, factor: 0.5, ...warm }), 0, 10, 20), [0.1, 0.55, 0.25]);
    expectRates(await rates(scheduleConstant({ rate: 1, warmUpEpochs: 1 }), 0, 5, 10), [0, 0.5, 1]);
  });

  it('need a rate', () => {
    expect(() => scheduleCosine()).toThrow(/rate/);
  });
});
