import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'dna-nas/configuration';
import { expect, it } from 'vitest';
import { sample } from '../../faults/extent.js';
import { listen, tell } from '../../mistakes/command-line.js';
import { dna, slowProject } from './slow-run.js';

const DATA = fileURLToPath(new URL('slow-data.mjs', import.meta.url));
const ARCHITECTURE = '{name: tiny, stem: 4, stages: [ir_r1_k3_s2_e2_c8], head: 8}';
const WORDS = ['teacher', 'train', '--data', './slow-data.mjs', '--data-options', '{}'];
const OPTIONS = ['--architecture', ARCHITECTURE, '--epochs', '2', '--warm-up-epochs', '0', '--batch', '8'];
const TRAIN = [...WORDS, ...OPTIONS, '--out', 'out/teacher.safetensors'];
const STATE_SAVED = 75;
const USAGE = 2;

async function project(): Promise<string> {
  const folder = await slowProject();
  copyFileSync(DATA, join(folder, 'slow-data.mjs'));
  return folder;
}

it('dna teacher train stops soon after a signal, and goes on to the same bits', async () => {
  const [whole, folder] = [await project(), await project()];
  const weights = (of: string) => readFileSync(join(of, 'out/teacher.safetensors'));
  expect(await tell(whole, TRAIN)).toMatchObject({ code: 0 });
  // In the first epoch, in the second, and in the test of what was trained.
  for (const at of sample([4, 5, 4], 1)) {
    const stopped = await dna(folder, TRAIN, { place: 'read', at });
    expect(stopped).toMatchObject({ code: STATE_SAVED });
    expect(stopped.after.length).toBeLessThanOrEqual(1);
  }
  expect(await tell(folder, [...TRAIN, '--seed', '2'])).toMatchObject({
    code: USAGE,
    text: expect.stringContaining('TEACHER_TRAINING_OTHER'),
  });
  expect(await dna(folder, TRAIN)).toMatchObject({ code: 0 });
  expect(weights(folder)).toEqual(weights(whole));
  expect(existsSync(join(folder, 'out/teacher.safetensors.training'))).toBe(false);
});

it('tuning stops soon after a signal in each of its parts, and goes on to the same bits', async () => {
  const [whole, folder] = [await project(), await project()];
  const tune = [
    ...WORDS,
    '--from',
    'teacher.safetensors',
    '--epochs',
    '2',
    '--batch',
    '8',
    '--frozen-steps',
    '20',
  ];
  const words = [...tune, '--patience', '5', '--out', 'out/tuned.safetensors'];
  const weights = (of: string) => readFileSync(join(of, 'out/tuned.safetensors'));
  expect(await tell(whole, words)).toMatchObject({ code: 0 });
  // In the features of the frozen body, in a measurement, in an epoch, and behind one.
  for (const at of [1, ...sample([2, 5, 9], 1)]) {
    const stopped = await dna(folder, words, { place: 'read', at });
    expect(stopped).toMatchObject({ code: STATE_SAVED });
    expect(stopped.after.length).toBeLessThanOrEqual(1);
  }
  expect(await dna(folder, words)).toMatchObject({ code: 0 });
  expect(weights(folder)).toEqual(weights(whole));
});

it('dna evaluate, which has nothing to save, ends at once', async () => {
  const folder = await slowProject();
  const set = ['distill.epochs=1', 'retrain.epochs=1', 'rank.batches=1'];
  await listen(folder, async () => {
    await run({ project: folder, plugins: ['./slow-plugin.mjs'], set }, { inline: true });
    return 0;
  });
  const evaluate = ['evaluate', 'runs/tiny', '--batch', '8'];
  const ended = await dna(folder, evaluate, { place: 'read test', at: 2, signal: 'SIGINT' });
  expect(ended).toMatchObject({ killed: 'SIGINT', after: [] });
});
