import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import type { StageFinished } from 'dna-nas/core';
import type { CellTrained, StepFinished } from 'dna-nas/core/stages';
import { beforeAll, expect, test } from 'vitest';
import { tinyProject, tinyRequest } from './tiny-run.js';

/** Writes down what is told of steps and cells. */
const LISTENER = `import { appendFileSync } from 'node:fs';
export default {
  name: 'listener',
  apply({ hooks, project }) {
    for (const hook of ['stepFinished', 'cellTrained', 'stageFinished'])
      hooks[hook].tap('listener', (event) =>
        appendFileSync(project + '/' + hook + '.jsonl', JSON.stringify(event) + '\\n'));
  },
};`;

const STEPS = 60;
const CELLS = ['train-b1-c1', 'train-b1-c2', 'train-b2-c1', 'train-b2-c2'];

let project: string;
let steps: StepFinished[];
let cells: CellTrained[];

function told<Event>(hook: string): Event[] {
  const lines = readFileSync(join(project, `${hook}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Event);
}

beforeAll(async () => {
  project = await tinyProject();
  writeFileSync(join(project, 'listener.mjs'), LISTENER);
  const set = [
    'distill.epochs=5',
    'distill.learningRateFactors=[2]',
    'distill.learningRate={ use: constant, rate: 0.01 }',
  ];
  const request = { ...tinyRequest(project, { set }), plugins: ['./listener.mjs'] };
  await run(request, { inline: true, until: 'rank' });
  steps = told('stepFinished');
  cells = told('cellTrained');
});

const stepsOf = (task: string) => steps.filter((step) => step.task === task);

test('a cell’s loss is the mean of its steps, of later ones with the weight of one in fifty', () => {
  expect(cells.map(({ steps: all }) => all)).toEqual(CELLS.map(() => STEPS));
  for (const { block, cell, loss } of cells) {
    const losses = stepsOf(`train-b${block + 1}-c${cell + 1}`).map((step) => step.loss);
    expect(losses).toHaveLength(STEPS);
    const mean = losses.reduce((sum, one, index) => sum + (one - sum) / Math.min(index + 1, 50), 0);
    expect(loss).toBeCloseTo(mean, 9);
  }
});

const resultOf = (wanted: string) =>
  told<StageFinished>('stageFinished').find(({ stage }) => stage === wanted)!.result;

test('the stage ends with the mean of its cells’ losses, and rating with what was rated', () => {
  const mean = cells.reduce((sum, { loss }) => sum + loss, 0) / CELLS.length;
  expect(resultOf('distill')).toBe(`4 cells trained, mean loss ${mean.toPrecision(3)}`);
  // Of two operations a layer: cells of one layer and of two in each block.
  expect(resultOf('rank')).toBe(`${2 * (2 + 2 ** 2)} candidates rated`);
});

test('a block without a factor of its own has the rate itself', () => {
  const rateOf = (task: string) => stepsOf(task)[0]!.learningRate;
  const [first, , second] = CELLS.map(rateOf);
  expect(first).toBe(2 * second!);
});
