import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig } from 'dna-nas/configuration';
import { type PluginRun, randomStream } from 'dna-nas/core';
import type { Augmentation } from 'dna-nas/core/contracts';
import { applyPlugins } from 'dna-nas/core/plugin';
import { describe, expect, it } from 'vitest';
import { TINY } from '../run/tiny-run.js';
import { golden, madeRun, openImages, temporaryFolder } from './open-images.js';

const random = randomStream('augmentations');
const read = (dataset: Awaited<ReturnType<typeof openImages>>) =>
  dataset.read('train', [0, 5, 7], { augment: random });

describe('the hook `augmentations`', () => {
  it('changes the list, of augmentations on pixels from 0 to 1', async () => {
    const run = madeRun();
    const seen: { least: number; greatest: number }[] = [];
    const look: Augmentation = {
      name: 'look',
      apply(pixels) {
        seen.push({ least: Math.min(...pixels), greatest: Math.max(...pixels) });
        pixels.fill(0.5);
      },
    };
    run.hooks.augmentations.tap('look', (list) => [...list, look]);
    const dataset = await openImages({ mean: [10, 10, 10], std: [2, 2, 2], augment: {} }, { run });
    const { images } = await dataset.read('train', [0], { augment: random });
    expect(seen).toHaveLength(1);
    expect(seen[0]!.least).toBeGreaterThanOrEqual(0);
    expect(seen[0]!.greatest).toBeLessThanOrEqual(1);
    expect(seen[0]!.greatest).toBeGreaterThan(0.5);
    expect(new Set(images)).toEqual(new Set([-4.75]));
  });

  it('leaves each channel to be normalised by its own mean and deviation', async () => {
    const options = { mean: [0.5, 0.25, 0] as const, std: [0.5, 1, 2] as const, augment: {} };
    const run = madeRun();
    run.hooks.augmentations.tap('leave', (list) => [...list, { name: 'leave', apply() {} }]);
    const plain = await read(await openImages(options));
    const changed = await read(await openImages(options, { run }));
    changed.images.forEach((value, at) => {
      expect(value).toBeCloseTo(plain.images[at]!, 6);
    });
  });

  it('reaches decoding threads, which have the plugins of the run', async () => {
    const inverted = await runWith(INVERT);
    const plain = await read(await openImages({ augment: { flip: 0.5 } }));
    for (const threads of [0, 2]) {
      const { images } = await read(
        await openImages({ augment: { flip: 0.5 }, threads }, { run: inverted() }),
      );
      expect(images).toEqual(plain.images.map((value) => Math.fround(1 - value)));
    }
  });

  it('a thread that cannot start is an error, at every read', async () => {
    const failing = await runWith(`import { isMainThread } from 'node:worker_threads';\n${INVERT}
if (!isMainThread) throw new Error('not in threads');`);
    const dataset = await openImages({ threads: 2 }, { run: failing() });
    for (let time = 0; time < 2; time++) {
      await expect(read(dataset)).rejects.toMatchObject({
        code: 'DATA_THREAD_DIED',
        message: expect.stringContaining('not in threads'),
      });
    }
  });
});

/** A run with a plugin of this text; each call gives one whose data are still to be chosen. */
async function runWith(plugin: string): Promise<() => PluginRun> {
  const project = temporaryFolder();
  writeFileSync(join(project, 'invert.mjs'), plugin);
  const data = { use: 'imagenet', path: golden.images };
  const config = await resolveConfig({ project, config: { ...TINY, data, plugins: ['./invert.mjs'] } });
  const run = await applyPlugins(config, { project, main: true });
  return () => ({ ...run, hooks: { ...run.hooks, resolveData: madeRun().hooks.resolveData } });
}

const INVERT = `export default {
  name: 'invert',
  apply(run) {
    const invert = { name: 'invert', apply: (pixels) => pixels.forEach((value, at) => { pixels[at] = 1 - value; }) };
    run.hooks.augmentations.tap('invert', (list) => [...list, invert]);
  },
};`;
