import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConfig, type UserConfig } from 'dna-nas/configuration';
import type { JsonObject } from 'dna-nas/core';
import { retrainScratch } from 'dna-nas/plugins/retrain-scratch';
import { scheduleStep } from 'dna-nas/plugins/schedules';
import { afterAll, describe, expect, it } from 'vitest';
import { answer } from '../plugins/plugin-run.js';
import { TINY } from '../run/tiny-run.js';
import { REFERENCE } from './reference.js';

const project = mkdtempSync(join(tmpdir(), 'dna-recipes-'));
afterAll(() => rmSync(project, { recursive: true }));

/** A data set that knows one list of augmentations a stage. */
const DATA = `import { definePlugin } from 'dna-nas/core';
export default definePlugin({
  name: 'data-mine', description: 'Mine.', module: import.meta.url,
  options: { properties: { retrainAugment: { type: 'object', description: 'List.', default: { flip: 1 } } } },
  apply() {},
});`;
writeFileSync(join(project, 'data-mine.ts'), DATA);

type Tree = Record<string, Record<string, unknown> & Record<string, JsonObject>>;

async function resolved(retrain: object, set: string[] = [], more: Partial<UserConfig> = {}): Promise<Tree> {
  const config = { ...TINY, ...more, retrain: { use: 'scratch', ...retrain } };
  return (await resolveConfig({ project, config, set: ['architecture=dna-a', ...set] }))
    .values as unknown as Tree;
}

const PLAIN = { optimiser: 'sgd', learningRate: { use: 'cosine', rate: 0.1 } };

describe('a recipe', () => {
  it.each([
    ['paper', 4096, 0.256, 0.97, 2.4, 1e-5, 0.9999, 0.01, 1e-3],
    ['published-script', 1024, 0.064, 0.963, 3, 1e-4, 0.9998, 0.1, 1e-5],
    ['authors-2021', 1024, 0.064, 0.963, 3, 1e-4, 0.9998, 0.1, 1e-5],
  ])(
    '%s has its figures',
    async (recipe, batch, rate, factor, every, weightDecay, average, momentum, epsilon) => {
      const { retrain } = await resolved({ recipe });
      expect(retrain).toMatchObject({
        ...{
          epochs: 500,
          batch,
          microBatch: 128,
          dropout: 0.2,
          dropConnect: 0.2,
          labelSmoothing: 0.1,
          mixup: 0,
        },
        ...{ movingAverage: average, batchNormMomentum: momentum, batchNormEpsilon: epsilon },
        optimiser: { use: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3, weightDecay },
        learningRate: { use: 'step', rate, factor, every, warmUpEpochs: 5 },
      });
    },
  );

  it.each(['paper', 'published-script'] as const)("%s has the rates of timm's scheduler", async (recipe) => {
    const { retrain } = await resolved({ recipe });
    const { use: _, ...options } = retrain!.learningRate as JsonObject & { use: string };
    const schedule = await answer(scheduleStep(options as never), 'resolveSchedule');
    const rate = schedule({ steps: 5000, stepsPerEpoch: 10 });
    for (const [epoch, expected] of REFERENCE.schedules[recipe])
      expect(rate(epoch * 10)).toBeCloseTo(expected, 12);
  });

  it('stands under what its own layer says, and over weaker layers', async () => {
    const own = await resolved({ recipe: 'paper', epochs: 7, optimiser: { weightDecay: 0.5 } });
    expect(own.retrain).toMatchObject({
      epochs: 7,
      batch: 4096,
      optimiser: { use: 'rmsprop', weightDecay: 0.5 },
    });
    const above = await resolved({ ...PLAIN, epochs: 7, batch: 9 }, ['retrain.recipe=paper']);
    expect(above.retrain).toMatchObject({
      epochs: 500,
      batch: 4096,
      learningRate: { use: 'step', rate: 0.256 },
    });
  });

  it('can be changed in one option, in whatever order they are said', async () => {
    for (const set of [
      ['retrain.batch=64', 'retrain.recipe=paper', 'retrain.learningRate.rate=0.004'],
      ['retrain.recipe=paper', 'retrain.learningRate.rate=0.004', 'retrain.batch=64'],
    ]) {
      const { retrain } = await resolved(PLAIN, set);
      expect(retrain).toMatchObject({ batch: 64, epochs: 500, learningRate: { rate: 0.004, every: 2.4 } });
    }
  });

  it('of a stronger layer leaves nothing of a weaker one', async () => {
    const data = { use: './data-mine.ts' };
    const { retrain, data: found } = await resolved({ recipe: 'authors-2021' }, ['retrain.recipe=paper'], {
      data,
    });
    expect(retrain!.recipe).toBe('paper');
    expect(found!.retrainAugment).toEqual({ flip: 0.5, autoAugment: 'v0' });
  });

  it('asks for its augmentation where the data set has the option, and not elsewhere', async () => {
    const without = await resolved({ recipe: 'published-script' });
    expect(without.data).not.toHaveProperty('retrainAugment');
    const jitter = { brightness: 0.06, contrast: 0.06, saturation: 0.06 };
    // The data set may be chosen in a stronger layer than the recipe.
    const later = await resolved({ recipe: 'published-script' }, ['data=./data-mine.ts']);
    expect(later.data!.retrainAugment).toEqual({ flip: 0.5, colourJitter: jitter });
    const own = { use: './data-mine.ts', retrainAugment: { colourJitter: { brightness: 0.3 } } };
    const above = await resolved({ recipe: 'published-script' }, [], { data: own });
    expect(above.data!.retrainAugment).toEqual({ flip: 0.5, colourJitter: { ...jitter, brightness: 0.3 } });
  });

  it('shows where a value came from', async () => {
    const config = { ...TINY, retrain: { use: 'scratch', recipe: 'paper', epochs: 3 } };
    const { sources } = await resolveConfig({ project, config });
    expect(sources['retrain.batch']).toBe('recipe paper');
    expect(sources['retrain.optimiser.epsilon']).toBe('recipe paper');
    expect(sources['retrain.epochs']).toBe('program');
  });

  it('that is unknown is a mistake with the nearest name', async () => {
    await expect(resolved({ ...PLAIN, recipe: 'papers' })).rejects.toThrow(
      /retrain\.recipe.*"papers".*paper/s,
    );
  });

  it('is known to a program that makes the plugin itself', () => {
    const { options } = retrainScratch({ recipe: 'paper', epochs: 2 }).reference!;
    expect(options).toMatchObject({ epochs: 2, batch: 4096, batchNormEpsilon: 1e-3 });
  });
});
