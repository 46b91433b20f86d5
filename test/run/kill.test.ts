import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { expect, it } from 'vitest';
import { CAMPAIGN } from '../faults/extent.js';
import { killProject, untilKilled } from './killed-run.js';
import { resultsOf } from './tiny-run.js';

const KILLS = CAMPAIGN ? 20 : 2;

/** `dna run`; resolves as `untilKilled` does. */
const start = (folder: string, { killAt, workers }: { killAt?: number; workers: number }) =>
  untilKilled(folder, ['run'], { settings: [`workers=${workers}`], ...(killAt !== undefined && { killAt }) });

/** Stages that the run was killed in. */
function stagesKilled(folder: string): Set<string> {
  const lines = readFileSync(join(folder, 'runs/tiny/journal.jsonl'), 'utf8').trim().split('\n');
  const stages = new Set<string>();
  let stage = '';
  for (const line of lines) {
    const entry = JSON.parse(line);
    if (entry.event === 'stageStarted') stage = entry.stage;
    else if (entry.event === 'started' && stage) stages.add(stage);
  }
  return stages;
}

it(`ends with the same bits after ${KILLS} kills at random instants, with changing numbers of workers`, async () => {
  const whole = await killProject();
  await run({ project: whole }, { inline: true });

  const random = randomStream('kills');
  const folder = await killProject();
  for (let kill = 0; kill < KILLS; kill++) {
    // Early kills hit the stages before training, later ones leave some steps between them.
    const killAt = kill < (CAMPAIGN ? 3 : 1) ? 1 + random.integer(14) : 14 + random.integer(20);
    const end = await start(folder, { killAt, workers: 1 + (kill % 2) });
    if (end === 0) break;
  }
  expect(await start(folder, { workers: 1 })).toBe(0);
  expect(resultsOf(folder)).toEqual(resultsOf(whole));
  const stages = CAMPAIGN ? ['distill', 'rank', 'retrain'] : ['distill'];
  expect([...stagesKilled(folder)]).toEqual(expect.arrayContaining(stages));
});
