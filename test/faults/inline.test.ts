import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { attachRunFolder } from 'dna-nas/core/store';
import { tf } from 'dna-nas/nn';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { beforeAll, expect, test } from 'vitest';
import { resultsOf, tinyProject, tinyRequest } from '../run/tiny-run.js';

let inline: string;
/** Seconds of its run. */
let took: number;

beforeAll(async () => {
  inline = await tinyProject();
  const set = ['reports=[json, html]', 'checkpointSeconds=0.001'];
  const began = performance.now();
  await run(tinyRequest(inline, { set }), { inline: true });
  took = (performance.now() - began) / 1000;
});

test('a run in one thread gives the bits of one in worker threads', async () => {
  const workers = await tinyProject();
  await run(tinyRequest(workers, { set: ['workers=2'] }));
  expect(resultsOf(inline)).toEqual(resultsOf(workers));
});

/** Counts the teacher's passes. */
const PASSES = `import { appendFileSync } from 'node:fs';
export default {
  name: 'passes',
  apply({ hooks, project }) {
    hooks.teacher.tap('passes', (source) => ({
      ...source,
      async load() {
        const teacher = await source.load();
        const features = teacher.features.bind(teacher);
        const counted = (...given) => {
          appendFileSync(project + '/passes.txt', '.');
          return features(...given);
        };
        return Object.assign(teacher, { features: counted });
      },
    }));
  },
};`;

/** A project whose runs write their passes down. */
async function counting() {
  const project = await tinyProject();
  writeFileSync(join(project, 'passes.mjs'), PASSES);
  return project;
}

test('so it does with one block after the other, and one pass of the teacher a step feeds all workers', async () => {
  const [alone, workers] = [await counting(), await counting()];
  const plugins = ['./passes.mjs'];
  const set = ['distill.schedule=per-block', 'distill.epochs=0.5', 'retrain.epochs=0.5'];
  await run({ ...tinyRequest(alone, { set }), plugins }, { inline: true });
  await run({ ...tinyRequest(workers, { set: [...set, 'workers=2'] }), plugins });
  expect(resultsOf(workers)).toEqual(resultsOf(alone));
  const passes = (project: string) => readFileSync(join(project, 'passes.txt'), 'utf8').length;
  // Both ask for the same to rate candidates.
  expect(passes(workers)).toBe(passes(alone));
  expect(passes(alone)).toBeGreaterThan(2 * 6);
});

test('every file of a run is vouched for, those of the reports too', async () => {
  const { whole, problems, unknown } = verifyRun(join(inline, 'runs/tiny'));
  expect(problems).toEqual([]);
  expect(unknown).toEqual([]);
  expect(whole).toEqual(
    expect.arrayContaining(['summary.json', 'report.html', 'ratings.json', 'journal.jsonl']),
  );
});

test('the ledger says which share of the time checkpoints took', () => {
  const ledgers = attachRunFolder(join(inline, 'runs/tiny'))
    .readJournal()
    .filter(({ event }) => event === 'timeSpent');
  expect(ledgers).toHaveLength(1);
  const ledger = ledgers[0]!;
  expect(ledger).toMatchObject({
    seconds: {
      'distill.checkpoint': expect.any(Number),
      // There is no other thread to wait for.
      'distill.wait': 0,
      'rank.data': expect.any(Number),
    },
  });
  const seconds = Object.values(ledger.seconds as Record<string, number>);
  // One thread does one thing at a time.
  expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...seconds)).toBeLessThan(took);
  expect(ledger.checkpointShare).toBeGreaterThan(0.01);
  expect(ledger.checkpointShare).toBeLessThan(1);
});

/** Counts the checkpoints of tasks. */
const COUNTER = `import { appendFileSync } from 'node:fs';
export default {
  name: 'counter',
  apply({ hooks, project }) {
    hooks.checkpointSaved.tap('counter', ({ task }) => appendFileSync(project + '/saved.txt', task + ' '));
  },
};`;

test('a cell alone is saved while it is trained', async () => {
  const project = await tinyProject();
  writeFileSync(join(project, 'counter.mjs'), COUNTER);
  const set = [
    'space.blocks=[{ stride: 2, cells: [{ layers: 1, channels: 8 }] }]',
    'search.limits={ params: 100000 }',
    'checkpointSeconds=0.001',
  ];
  const request = { ...tinyRequest(project, { set }), plugins: ['./counter.mjs'] };
  await run(request, { inline: true, until: 'distill' });
  expect(readFileSync(join(project, 'saved.txt'), 'utf8')).toMatch(/^(train-b1-c1 )+$/);
});

test('a run gives back every tensor', async () => {
  const project = await tinyProject();
  const before = tf.memory().numTensors;
  await run(tinyRequest(project, { set: ['retrain.networks=[found]'] }), { inline: true });
  expect(tf.memory().numTensors).toBe(before);
});

/** Data that cannot be read any more after three batches of training images. */
const BROKEN = `export default {
  name: 'broken',
  apply({ hooks }) {
    let reads = 0;
    const read = (dataset) => async (split, request) => {
      if (split === 'train' && ++reads > 3) throw new Error('the disk is gone');
      return dataset.read(split, request);
    };
    hooks.data.tap('broken', (source) => ({
      ...source,
      async open() {
        const dataset = await source.open();
        return Object.assign(Object.create(dataset), { read: read(dataset), prefetch: undefined });
      },
    }));
  },
};`;

test.each([
  ['joint', 'train-b1-c1'],
  ['per-block', 'train-b2-c1'],
])(
  'images that fail are told with the first cell that wants them, and no tensor is left: %s',
  async (schedule, task) => {
    const project = await tinyProject();
    writeFileSync(join(project, 'broken.mjs'), BROKEN);
    // Three steps a block, or six of both.
    const set = [`distill.schedule=${schedule}`, `distill.epochs=${schedule === 'joint' ? 0.5 : 0.25}`];
    const request = { ...tinyRequest(project, { set }), plugins: ['./broken.mjs'] };
    const before = tf.memory().numTensors;
    await expect(run(request, { inline: true })).rejects.toMatchObject({
      code: 'TASK_FAILED',
      message: expect.stringContaining(`Task ${task} failed: the disk is gone`),
    });
    expect(tf.memory().numTensors).toBe(before);
  },
);

test('the same command again makes the reports anew and leaves a sound run', async () => {
  await run(tinyRequest(inline, { set: ['reports=[json]'] }), { inline: true });
  expect(verifyRun(join(inline, 'runs/tiny'))).toMatchObject({ problems: [], unknown: [] });
});
