import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigRequest, run } from 'dna-nas/configuration';
import { attachRunFolder } from 'dna-nas/core/store';
import { expect, it } from 'vitest';
import { resultsOf, TINY } from '../run/tiny-run.js';
import { golden, temporaryFolder } from './open-images.js';

/** Called by a plugin with each step of the distillation, in this process. */
const watched = globalThis as { step?: ((step: number) => void) | undefined };

const WATCH = `export default {
  name: 'watch',
  apply: (run) => run.hooks.stepFinished.tap('watch', ({ step }) => globalThis.step?.(step)),
};`;

/** The tiny run on the golden images, augmented, with a teacher that nobody trained. */
function request(project: string, set: readonly string[] = []): ConfigRequest {
  const architecture = {
    stem: 8,
    stages: ['ds_r1_k3_s1_e1_c8', 'ir_r1_k3_s2_e2_c12', 'ir_r1_k3_s2_e2_c16'],
    head: 16,
  };
  const config = {
    ...TINY,
    data: {
      use: 'imagenet',
      path: golden.images,
      imageSize: 16,
      heldOutPerClass: 1,
      testShare: 0,
      augment: { flip: 0.5, erase: { probability: 0.5 } },
      retrainAugment: { colourJitter: { brightness: 0.4 } },
    },
    teacher: {
      use: 'efficientnet',
      weights: 'untrained',
      architecture,
      classes: 3,
      image: { height: 16, width: 16, channels: 3 },
    },
    distill: { ...(TINY.distill as object), epochs: 2, batch: 4 },
    rank: { use: 'candidates', batch: 3, batches: 1 },
    retrain: { ...(TINY.retrain as object), epochs: 1, batch: 4 },
  };
  return { project, config, set };
}

it('a run from files has the same bits with any threads and workers, and after a stop', async () => {
  const alone = temporaryFolder();
  await run(request(alone, ['data.threads=0']), { inline: true });
  const two = temporaryFolder();
  await run(request(two, ['workers=2', 'data.threads=1']));
  expect(resultsOf(two)).toEqual(resultsOf(alone));

  const stopped = temporaryFolder();
  writeFileSync(join(stopped, 'watch.mjs'), WATCH);
  const stop = new AbortController();
  watched.step = (step) => {
    if (step === 3) stop.abort();
  };
  const watchedRun = { ...request(stopped, ['data.threads=2']), plugins: ['./watch.mjs'] };
  await expect(run(watchedRun, { signal: stop.signal, inline: true })).rejects.toMatchObject({
    code: 'STOPPED',
  });
  watched.step = undefined;
  await run(watchedRun, { inline: true });
  expect(resultsOf(stopped)).toEqual(resultsOf(alone));

  const journal = attachRunFolder(join(alone, 'runs/tiny')).readJournal();
  expect(journal.find(({ event }) => event === 'timeSpent')).toMatchObject({
    seconds: {
      'distill.data': expect.any(Number),
      'rank.data': expect.any(Number),
      'retrain.data': expect.any(Number),
    },
  });
});
