import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { attachRunFolder } from 'dna-nas/core/store';
import { expect, it } from 'vitest';
import { resultsOf } from '../run/tiny-run.js';
import { imagesRequest } from './images-request.js';
import { temporaryFolder } from './open-images.js';

/** Called by a plugin with each step of the distillation, in this process. */
const watched = globalThis as { step?: ((step: number) => void) | undefined };

const WATCH = `export default {
  name: 'watch',
  apply: (run) => run.hooks.stepFinished.tap('watch', ({ step }) => globalThis.step?.(step)),
};`;

it('a run from files has the same bits with any threads and workers, and after a stop', async () => {
  const alone = temporaryFolder();
  await run(imagesRequest(alone, ['data.threads=0']), { inline: true });
  const two = temporaryFolder();
  await run(imagesRequest(two, ['workers=2', 'data.threads=1']));
  expect(resultsOf(two)).toEqual(resultsOf(alone));

  const stopped = temporaryFolder();
  writeFileSync(join(stopped, 'watch.mjs'), WATCH);
  const stop = new AbortController();
  watched.step = (step) => {
    if (step === 3) stop.abort();
  };
  const watchedRun = { ...imagesRequest(stopped, ['data.threads=2']), plugins: ['./watch.mjs'] };
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
