import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomStream } from 'dna-nas/core';
import { expect, it } from 'vitest';
import { CAMPAIGN } from '../faults/extent.js';
import { resultsOf, TINY, tinyProject } from './tiny-run.js';

const KILLS = CAMPAIGN ? 20 : 5;
const PROGRAM = fileURLToPath(new URL('../../bin/dna.js', import.meta.url));
const PLUGIN = fileURLToPath(new URL('./kill-plugin.mjs', import.meta.url));

async function project(): Promise<string> {
  const folder = await tinyProject();
  writeFileSync(join(folder, 'dna.config.json'), JSON.stringify(TINY));
  copyFileSync(PLUGIN, join(folder, 'kill-plugin.mjs'));
  return folder;
}

/** `dna run` in a process of its own; resolves to the signal that ended it, or its exit code. */
function start(
  folder: string,
  { killAt, workers }: { killAt?: number; workers: number },
): Promise<string | number> {
  const set = ['--set', `workers=${workers}`, '--set', 'checkpointSeconds=0.001'];
  const words = ['run', '--plugin', './kill-plugin.mjs', ...set];
  const env = { ...process.env, ...(killAt !== undefined && { DNA_TEST_KILL_AT: String(killAt) }) };
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (signal !== 'SIGKILL' && code !== 0) reject(new Error(`dna run ended with ${code}: ${text}`));
      else resolve(signal ?? code!);
    });
  });
}

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
  const whole = await project();
  await start(whole, { workers: 2 });

  const random = randomStream('kills');
  const folder = await project();
  for (let kill = 0; kill < KILLS; kill++) {
    // Early kills hit the stages before training, later ones leave some steps between them.
    const killAt = kill < 3 ? 1 + random.integer(14) : 14 + random.integer(20);
    const end = await start(folder, { killAt, workers: 1 + (kill % 2) });
    if (end === 0) break;
  }
  expect(await start(folder, { workers: 2 })).toBe(0);
  expect(resultsOf(folder)).toEqual(resultsOf(whole));
  const stages = CAMPAIGN ? ['distill', 'rank', 'retrain'] : ['distill'];
  expect([...stagesKilled(folder)]).toEqual(expect.arrayContaining(stages));
});
