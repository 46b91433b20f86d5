import { applyPlugins, resolveConfig } from 'dna-nas/core';
import { expect, test } from 'vitest';
import { COMPLETE, project } from './project.js';

test('smoke', async () => {
  const folder = project({ 'dna.config.json': COMPLETE });
  const config = await resolveConfig({
    project: folder,
    set: [
      'distill.loss.size=5',
      'seed=7',
      'distill.loss=./stages.ts#otherLoss',
      'data.folder=/x',
      'search.limits.params=3e5',
    ],
  });
  console.log(JSON.stringify(config, null, 1));
  const run = await applyPlugins(config, { project: folder, main: true });
  console.log(
    await run.resolve('resolveLoss', 'distill.loss'),
    await run.resolve('resolveData', 'data'),
    run.answers,
    run.taps,
  );
  expect(1).toBe(1);
  await resolveConfig({
    project: folder,
    set: [
      'distill.los=5',
      'sed=7',
      'distill.loss.mode=maen',
      'data.folder=/x',
      'search.limits.parms=3e5',
      'rank=cosine',
      'teacher.size=11',
    ],
  }).catch((e) => console.log(e.message));
});
