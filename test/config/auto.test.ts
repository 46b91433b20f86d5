import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DerivationFacts, resolveConfig } from 'dna-nas/configuration';
import type { JsonObject } from 'dna-nas/core';
import { afterAll, describe, expect, it } from 'vitest';
import { listen } from '../backend-install/listen.js';

const { derive } = (await import(new URL('../../dist/presets/auto.js', import.meta.url).href)) as {
  derive: typeof import('../../presets/auto.js').derive;
};

const project = mkdtempSync(join(tmpdir(), 'dna-auto-'));
afterAll(() => rmSync(project, { recursive: true }));

/** Facts about some images, of a space whose middle network takes this many multiply-adds. */
const facts = (train: number, side = 64, more: Partial<DerivationFacts> = {}): DerivationFacts => ({
  data: {
    ...{ name: 'photos', classes: 3, fingerprint: '' },
    image: { height: side, width: side, channels: 3 },
    size: { train, validation: Math.ceil(train / 4), test: 60 },
  },
  medianCosts: async () => ({ macs: 12_345_678, params: 1 }),
  ...more,
});

async function trainingFor(train: number) {
  const { values } = await derive(facts(train));
  const stages = values as Record<'distill' | 'retrain' | 'rank', Record<string, number>>;
  const steps = ({ epochs, batch }: Record<string, number>) => epochs! * Math.floor(train / batch!);
  return { ...stages, steps: { distill: steps(stages.distill), retrain: steps(stages.retrain) } };
}

describe('auto derives', () => {
  it.each([
    [12, 12],
    [180, 16],
    [400, 32],
    [3000, 64],
    [60_000, 64],
  ])('for %i images a batch of %i, and never more than there are', async (train, batch) => {
    const { distill, retrain } = await trainingFor(train);
    expect([distill.batch, retrain.batch]).toEqual([batch, batch]);
    expect((await trainingFor(5)).retrain.batch).toBe(5);
  });

  it('enough steps for few images, one pass at least, and more steps for more images', async () => {
    const some = await Promise.all([180, 3000, 60_000, 1_000_000].map(trainingFor));
    for (const { steps } of some) {
      expect(steps.distill).toBeGreaterThanOrEqual(600);
      expect(steps.retrain).toBeGreaterThanOrEqual(1600);
    }
    for (const [index, { steps }] of some.slice(1).entries())
      expect(steps.retrain).toBeGreaterThan(some[index]!.steps.retrain);
    expect(some.at(-1)!.distill.epochs).toBe(1);
    expect(some.at(-1)!.retrain.epochs).toBeGreaterThan(1);
    expect((await trainingFor(30)).retrain.epochs).toBe(150);
  });

  it('that networks learn from the teacher where the images have no labels', async () => {
    const { data } = facts(400);
    const found = await derive(facts(400, 64, { data: { ...data, labels: false } }));
    expect(found.values.retrain).toMatchObject({ distill: 'logits' });
    expect(found.reasons).toHaveProperty(['retrain.distill'], 'the images have no labels');
    expect((await derive(facts(400))).values.retrain).not.toHaveProperty('distill');
  });

  it.each([
    [12_345, 50, 1024],
    [400, 50, 100],
    [60, 15, 15],
    // Held out by somebody who has said how many.
    [12_345, 300, undefined],
  ])('of %i images without labels, of which %i would rate, that %s do', async (all, validation, wanted) => {
    const { data } = facts(400);
    const size = { train: all - validation, validation, test: 60 };
    const { values, reasons } = await derive(facts(400, 64, { data: { ...data, labels: false, size } }));
    expect((values.data as JsonObject | undefined)?.heldOutPerClass).toBe(wanted);
    expect('data.heldOutPerClass' in reasons).toBe(wanted !== undefined);
    const { batch, batches } = values.rank as unknown as Record<'batch' | 'batches', number>;
    expect(batch * (batches - 1)).toBeLessThan(wanted ?? validation);
  });

  it('as many rating images as there are, at most a thousand', async () => {
    expect((await trainingFor(180)).rank).toEqual({ batch: 45, batches: 1 });
    expect((await trainingFor(400)).rank).toEqual({ batch: 64, batches: 2 });
    expect((await trainingFor(60_000)).rank).toEqual({ batch: 64, batches: 16 });
  });

  it.each([
    [28, 3, 4],
    [32, 3, 4],
    [64, 3, 4],
    [96, 3, 6],
    [128, 4, 4],
    [224, 4, 7],
  ])('for images of %i a side %i blocks, and %i at the end', async (side, count, last) => {
    const { values, reasons } = await derive(facts(180, side));
    const { blocks } = values.space as { blocks: { stride: number }[] };
    expect(blocks).toHaveLength(count);
    expect(blocks.reduce((now, { stride }) => Math.ceil(now / stride), side / 2)).toBe(last);
    expect(reasons['space.blocks']).toContain(`${side}×${side} to ${last}×${last}`);
  });

  it('the middle of what networks cost as a limit', async () => {
    const { values } = await derive(facts(180));
    expect(values.search).toEqual({ limits: { macs: 13_000_000 } });
  });

  it('how images are made ready, where the teacher’s weights say it and its channels are theirs', async () => {
    const preprocessing = {
      size: 224,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
      interpolation: 'bicubic' as const,
      crop: 0.9,
    };
    const teacher = { name: 'lite', preprocessing } as unknown as DerivationFacts['teacher'] & object;
    const { values, reasons } = await derive(facts(180, 64, { teacher }));
    expect(values.data).toEqual({
      mean: preprocessing.mean,
      std: preprocessing.std,
      evaluation: { crop: 0.9, interpolation: 'bicubic' },
    });
    expect(reasons['data.mean']).toBe('as lite was trained');
    const grey = { ...teacher, preprocessing: { ...preprocessing, mean: [0.5], std: [0.5] } };
    expect((await derive(facts(180, 64, { teacher: grey }))).values).not.toHaveProperty('data');
  });
});

describe('a configuration that extends auto', () => {
  const config = {
    extends: 'auto',
    data: { use: 'synthetic', size: 28, classes: 10, train: 320, validation: 80, test: 80 },
    teacher: { use: 'efficientnet', weights: 'fashion-mnist-teacher' },
  };

  it('has each derived value with its reason, and the user’s over them', async () => {
    const set = ['retrain.epochs=3', 'distill.use=progressive-s1'];
    const { values, sources, reasons } = await resolveConfig({ project, config, set });
    expect(values).toMatchObject({
      distill: { use: 'progressive-s1', batch: 16 },
      rank: { batch: 64, batches: 2 },
      retrain: { epochs: 3, batch: 16 },
    });
    expect(sources['retrain.epochs']).toBe('--set');
    expect(reasons).not.toHaveProperty(['retrain.epochs']);
    expect(sources['retrain.batch']).toBe('recipe auto');
    expect(reasons!['retrain.batch']).toContain('320 training images');
    const derived = Object.entries(sources).filter(([, source]) => source === 'recipe auto');
    for (const [path] of derived)
      expect(
        Object.keys(reasons!).some((known) => path === known || path.startsWith(`${known}.`)) ||
          path.endsWith('.use'),
        path,
      ).toBe(true);
  });

  it('has a limit that follows the user’s own space', async () => {
    const { values } = await resolveConfig({ project, config });
    const { macs } = (values.search as { limits: { macs: number } }).limits;
    const other = await resolveConfig({ project, config, set: ['space.expansions=[3]'] });
    expect((other.values.search as { limits: { macs: number } }).limits.macs).toBeLessThan(macs);
  });

  it('holds where data cannot be read, without what would follow them', async () => {
    const { values, reasons } = await resolveConfig({
      project,
      config: { ...config, data: { use: 'idx', path: './nowhere' } },
    });
    expect(reasons).toBeUndefined();
    expect((values.retrain as JsonObject).use).toBe('scratch');
  });

  it('is shown by dna config with the reasons', async () => {
    const { code, text } = await listen(
      [
        ...['config', '--no-config', '--preset', 'auto'],
        ...['--set', `data=${JSON.stringify(config.data)}`, '--set', 'teacher.weights=fashion-mnist-teacher'],
      ],
      project,
      {},
    );
    expect(code, text).toBe(0);
    expect(text).toMatch(/retrain\.epochs +recipe auto +\d+\n +← [\d,]+ steps, 20 an epoch/);
  });
});
