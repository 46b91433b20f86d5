import type { Plugin } from 'dna-nas/core';
import {
  scheduleConstant,
  scheduleCosine,
  scheduleExponential,
  scheduleStep,
} from 'dna-nas/plugins/schedules';
import { describe, expect, it } from 'vitest';
import { answer } from '../plugins/plugin-run.js';

const STEPS = { steps: 60, stepsPerEpoch: 10 };
const EVERY_STEP = Array.from({ length: STEPS.steps }, (_, step) => step);

async function rates(plugin: Plugin): Promise<number[]> {
  const schedule = await answer(plugin, 'resolveSchedule');
  return EVERY_STEP.map(schedule(STEPS));
}

interface WarmUp {
  readonly rate: number;
  readonly warmUpEpochs?: number;
  readonly warmUpFrom?: number;
  readonly warmUpBy?: 'step' | 'epoch';
}

const KINDS: readonly [name: string, create: (options: WarmUp) => Plugin, (step: number) => number][] = [
  ['constant', scheduleConstant, () => 1],
  ['cosine', scheduleCosine, (step) => (1 + Math.cos((Math.PI * step) / STEPS.steps)) / 2],
  ['exponential', scheduleExponential, (step) => 0.9 ** (step / 10)],
  ['step', scheduleStep, (step) => 0.9 ** Math.floor(step / 10)],
];

describe.each(KINDS)('schedule-%s', (_, create, share) => {
  const expectRates = (found: readonly number[], expected: (step: number) => number) => {
    for (const step of EVERY_STEP) expect(found[step], `step ${step}`).toBeCloseTo(expected(step), 10);
  };

  it('rate is where it begins', async () => {
    expectRates(await rates(create({ rate: 0.3 })), (step) => 0.3 * share(step));
  });

  it('warmUpEpochs and warmUpFrom are a line before it, the schedule counting all the same', async () => {
    const found = await rates(create({ rate: 0.3, warmUpEpochs: 2, warmUpFrom: 0.1 }));
    expectRates(found, (step) => (step < 20 ? 0.1 + (step / 20) * 0.2 : 0.3 * share(step)));
  });

  it('warmUpBy: epoch rises at the beginning of each epoch, as timm does', async () => {
    const warm = { warmUpEpochs: 2, warmUpFrom: 0.1, warmUpBy: 'epoch' } as const;
    const found = await rates(create({ rate: 0.3, ...warm }));
    expectRates(found, (step) => (step < 10 ? 0.1 : step < 20 ? 0.2 : 0.3 * share(step)));
  });
});

describe('options of their own', () => {
  it('cosine: final', async () => {
    const found = await rates(scheduleCosine({ rate: 1, final: 0.4 }));
    for (const step of EVERY_STEP)
      expect(found[step]).toBeCloseTo(0.4 + 0.3 * (1 + Math.cos((Math.PI * step) / 60)), 10);
  });

  it('exponential: factor and every', async () => {
    const found = await rates(scheduleExponential({ rate: 1, factor: 0.5, every: 1.5 }));
    for (const step of EVERY_STEP) expect(found[step]).toBeCloseTo(0.5 ** (step / 15), 10);
  });

  it('step: factor and every', async () => {
    const found = await rates(scheduleStep({ rate: 1, factor: 0.5, every: 1.5 }));
    for (const step of EVERY_STEP) expect(found[step]).toBeCloseTo(0.5 ** Math.floor(step / 15), 10);
  });
});
