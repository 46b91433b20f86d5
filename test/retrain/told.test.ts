import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import type { EpochFinished, RunSummary, StepFinished } from 'dna-nas/core/stages';
import { planRun } from 'dna-nas/run-tools';
import { beforeAll, expect, test } from 'vitest';
import { resultsOf, TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';

/** Writes down what is told of steps and epochs, and how many tensors a rehearsal of a training leaves. */
const LISTENER = `import { appendFileSync, writeFileSync } from 'node:fs';
import { tf } from 'dna-nas/nn';
export default {
  name: 'listener',
  apply({ hooks, project }) {
    for (const hook of ['stepFinished', 'epochFinished'])
      hooks[hook].tap('listener', (event) =>
        appendFileSync(project + '/' + hook + '.jsonl', JSON.stringify(event) + '\\n'));
    hooks.retrain.tap('listener', (stage) => ({
      ...stage,
      async rehearse(world, seconds) {
        const before = tf.memory().numTensors;
        const told = await stage.rehearse(world, seconds);
        writeFileSync(project + '/left.txt', String(tf.memory().numTensors - before));
        return told;
      },
    }));
  },
};`;

/** One step an epoch: each batch is all training images. */
const EPOCHS = 3;
const set = ['data.train=64', 'retrain.batch=64', `retrain.epochs=${EPOCHS}`, 'distill.epochs=0.5'];
const INLINE = { inline: true };

let project: string;
let summary: RunSummary;

function told<Event extends { task: string }>(hook: string): Event[] {
  const lines = readFileSync(join(project, `${hook}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Event).filter(({ task }) => task === 'retrain-found');
}

beforeAll(async () => {
  project = await tinyProject();
  writeFileSync(join(project, 'listener.mjs'), LISTENER);
  summary = (await run({ ...tinyRequest(project, { set }), plugins: ['./listener.mjs'] }, INLINE))!;
});

test('each epoch is told, one of a single step too, with the mean loss of its own steps', () => {
  const steps = told<StepFinished>('stepFinished');
  const epochs = told<EpochFinished>('epochFinished');
  expect(steps).toHaveLength(EPOCHS);
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  for (const [index, { metrics }] of epochs.entries())
    expect(metrics.loss).toBeCloseTo(steps[index]!.loss, 9);
});

test('a network whose result was removed is trained again to the same bits, beside the weights that stayed', async () => {
  const before = resultsOf(project);
  expect(Object.keys(before)).toContain('retrain-found-raw.safetensors');
  rmSync(join(project, 'runs/tiny/results/retrain-found.safetensors'));
  await run({ ...tinyRequest(project, { set }), plugins: ['./listener.mjs'] }, INLINE);
  expect(resultsOf(project)).toEqual(before);
});

test('a rehearsal leaves no tensor', async () => {
  const { architecture } = summary;
  await planRun({ project, plugins: ['./listener.mjs'], config: TINY, architecture, set }, { seconds: 0.01 });
  expect(readFileSync(join(project, 'left.txt'), 'utf8')).toBe('0');
});
