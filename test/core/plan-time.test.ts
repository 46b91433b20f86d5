import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { UserConfig } from 'dna-nas/configuration';
import { type Plan, planRun } from 'dna-nas/run-tools';
import { expect, it } from 'vitest';
import { imagesRequest } from '../data-imagenet/images-request.js';
import { temporaryFolder } from '../data-imagenet/open-images.js';
import { TINY, tinyProject } from '../run/tiny-run.js';

const WORKERS = 2;

type Kind = 'plain' | 'distill' | 'retrain';

/** What each stage reads of the twelve golden images: nine to train on, three that rate and test. */
const READS: Readonly<Record<string, Partial<Record<Kind, number>>>> = {
  // Two steps of four images an epoch, two epochs; all cells learn from the same.
  distill: { distill: 2 * 2 * 4 },
  // Four cells; for each a batch of three that calibrates and one that rates.
  rank: { plain: 4 * 3 * 2 },
  // Two networks of two steps. They and the teacher see the test images once: the average shares them with the weights.
  retrain: { retrain: 2 * 2 * 4, plain: 3 * 3 },
};

/** Seconds of a stage, by the plan's own rates. */
function secondsOf({ speed }: Plan, { stage, macs }: Plan['stages'][number]) {
  const { workers, training, forward, busyCores, reading } = speed!;
  const kinds = Object.entries(READS[stage]!) as [Kind, number][];
  const rate = stage === 'rank' ? forward : training;
  const read = kinds.reduce((sum, [kind, count]) => sum + count / reading![kind].images, 0);
  const used = kinds.reduce((sum, [kind, count]) => sum + count * reading![kind].coreSeconds, 0);
  const cores = ((macs / (rate / workers)) * busyCores + used) / availableParallelism();
  return { computing: macs / rate, reading: read / workers, cores };
}

it('takes a stage for as long as the slowest of computing, reading, and what the cores do for both', async () => {
  const request = imagesRequest(temporaryFolder(), [`workers=${WORKERS}`]);
  const plan = await planRun(request, { seconds: 0.4 });
  expect(plan.stages.map(({ stage }) => stage)).toEqual(['distill', 'rank', 'retrain']);
  for (const stage of plan.stages) {
    expect(stage.images).toBe(Object.values(READS[stage.stage]!).reduce((sum, count) => sum + count));
    const seconds = secondsOf(plan, stage);
    const slowest = Math.max(...Object.values(seconds));
    // One cell is dearer than the others and keeps a worker busy alone.
    if (stage.stage === 'retrain') {
      expect(stage.hours! * 3600).toBeCloseTo(slowest, 9);
      expect(seconds[stage.bound!]).toBe(slowest);
    } else expect(stage.hours! * 3600).toBeGreaterThanOrEqual(0.999 * slowest);
  }
});

/** A disk that takes its time, beside a device that computes at once. */
const SLOW = `import { setTimeout } from 'node:timers/promises';
const slow = (dataset) => ({
  description: dataset.description,
  shared: () => dataset.shared(),
  prefetch: () => undefined,
  read: async (...given) => {
    await setTimeout(200);
    return dataset.read(...given);
  },
  close: () => dataset.close(),
});
export default {
  name: 'slow-disk',
  apply({ hooks }) {
    hooks.data.tap('slow-disk', (source) => ({ ...source, open: async () => slow(await source.open()) }));
    const rehearse = async () => ({ macs: 1e12, seconds: 1 });
    hooks.distill.tap('slow-disk', (stage) => ({ ...stage, rehearse }));
  },
};`;

it('says that a slow disk is what a stage waits for', async () => {
  const project = temporaryFolder();
  writeFileSync(join(project, 'slow-disk.mjs'), SLOW);
  const request = { ...imagesRequest(project, ['workers=1']), plugins: ['./slow-disk.mjs'] };
  const plan = await planRun(request, { seconds: 0.4 });
  const { images } = plan.speed!.reading!.retrain;
  // At most 32 images in 0.2 seconds.
  expect(images).toBeLessThan(160);
  const retrain = plan.stages.find(({ stage }) => stage === 'retrain')!;
  expect(retrain.bound).toBe('reading');
  expect(retrain.hours! * 3600).toBeCloseTo(secondsOf(plan, retrain).reading, 9);
});

it('says that times leave reading out where the images are not at hand', async () => {
  const request = imagesRequest(temporaryFolder(), ['data.path=gone']);
  const { findings, stages } = await planRun(request, { seconds: 0.1 });
  expect(findings.filter(({ check }) => check === 'reading')).toEqual([
    {
      check: 'reading',
      verdict: 'unknown',
      text: 'not measured without the images: times are of computing alone',
    },
  ]);
  expect(stages.map(({ bound }) => bound)).toEqual(['computing', 'computing', 'computing']);
});

/** A machine whose workers all do as many multiply-adds a second. */
const EACH = 1e12;
const STEADY = `export default {
  name: 'steady',
  apply({ hooks }) {
    const rehearse = async () => ({ macs: ${EACH}, seconds: 1 });
    hooks.distill.tap('steady', (stage) => ({ ...stage, rehearse }));
  },
};`;

const DEAR = { layers: 2, channels: 16 };
const OTHERS = [
  { layers: 1, channels: 8 },
  { layers: 1, channels: 16 },
];

/** Multiply-adds of a distillation, and those of them that no number of workers does at once. */
async function distillation(strategy: string, cells: readonly (typeof DEAR)[]) {
  const project = await tinyProject();
  writeFileSync(join(project, 'steady.mjs'), STEADY);
  const blocks = [[DEAR], cells].map((of) => ({ stride: 2, cells: of }));
  const config = {
    ...TINY,
    space: { ...(TINY.space as object), blocks },
    distill: { ...(TINY.distill as object), use: strategy },
  };
  const request = { project, plugins: ['./steady.mjs'], config, set: ['workers=64'] };
  const { stages } = await planRun(request, { seconds: 0.1 });
  const { macs, hours } = stages.find(({ stage }) => stage === 'distill')!;
  return { macs, longest: hours! * 3600 * EACH };
}

it.each([
  // The teacher is booked on all cells alike: a cell bears a half of it, then a third, then a quarter.
  ['blockwise', (1 / 2 - 1 / 4) / (1 / 2 - 1 / 3)],
  // Or on those of its round: all of it, a half, a third.
  ['progressive-s1', (1 - 1 / 3) / (1 - 1 / 2)],
  ['progressive-s2', (1 - 1 / 3) / (1 - 1 / 2)],
])('takes for %s as long as its dearest cell, or as that of each block in turn', async (strategy, ratio) => {
  const [one, two, three] = [
    await distillation(strategy, [DEAR]),
    await distillation(strategy, [DEAR, ...OTHERS.slice(1)]),
    await distillation(strategy, [...OTHERS, DEAR]),
  ];
  expect(two.longest).toBeLessThan(one.longest);
  expect((one.longest - three.longest) / (one.longest - two.longest)).toBeCloseTo(ratio, 6);
  if (strategy !== 'blockwise') return expect(one.longest).toBeCloseTo(one.macs, 3);
  // The dearer of two.
  expect(one.longest).toBeGreaterThan(one.macs / 2);
  expect(one.longest).toBeLessThan(one.macs);
});

/** Writes down what a rehearsal tells, how long it took, and the tensors that it left. */
const OBSERVER = `import { writeFileSync } from 'node:fs';
import { tf } from 'dna-nas/nn';
const observed = (stage) => async (world, seconds) => {
  const [tensors, began] = [tf.memory().numTensors, performance.now()];
  const told = await stage.rehearse(world, seconds);
  const took = (performance.now() - began) / 1000;
  writeFileSync(new URL('told.json', import.meta.url), JSON.stringify({ told, took, left: tf.memory().numTensors - tensors }));
  return told;
};
export default {
  name: 'observer',
  apply({ hooks }) {
    hooks.distill.tap('observer', (stage) => ({ ...stage, rehearse: observed(stage) }));
  },
};`;

/** What a plugin writes down of a rehearsal for so long at most. */
async function rehearsal(seconds: number, plugin = OBSERVER, config = TINY) {
  const project = await tinyProject();
  writeFileSync(join(project, 'plugin.mjs'), plugin);
  await planRun({ project, plugins: ['./plugin.mjs'], config }, { seconds });
  return JSON.parse(readFileSync(join(project, 'told.json'), 'utf8'));
}

it('rehearses for seconds that have passed, and leaves no tensor', async () => {
  const { told, took, left } = await rehearsal(0.3);
  expect(told.seconds).toBeGreaterThan(0);
  expect(told.seconds).toBeLessThan(took);
  expect(left).toBe(0);
});

it('rehearses with one image, or where there is time with as many as the run has in a step', async () => {
  const [short, long] = [await rehearsal(1e-9), await rehearsal(60)];
  expect(long.told.macs).toBeCloseTo(16 * short.told.macs, 3);
});

it('rehearses the first cell of each block', async () => {
  const space = TINY.space as { blocks: { cells: object[] }[] };
  const blocks = space.blocks.map((block) => ({ ...block, cells: block.cells.slice(0, 1) }));
  const alone = await rehearsal(1e-9, OBSERVER, { ...TINY, space: { ...space, blocks } } as UserConfig);
  expect((await rehearsal(1e-9)).told.macs).toBe(alone.told.macs);
});

/** A clock that each image of a step moves on by a second. */
const CLOCK = `import { writeFileSync } from 'node:fs';
import { tf } from 'dna-nas/nn';
let now = 0;
export default {
  name: 'clock',
  apply({ hooks }) {
    hooks.resolveLoss.tap({ name: 'clock', stage: -1 }, () => ({
      name: 'clock',
      compute(student, target) {
        now += 1000 * student.shape[0];
        return tf.mean(tf.squaredDifference(student, target));
      },
    }));
    hooks.distill.tap('clock', (stage) => ({
      ...stage,
      async rehearse(world, seconds) {
        performance.now = () => now;
        const told = await stage.rehearse(world, seconds);
        delete performance.now;
        writeFileSync(new URL('told.json', import.meta.url), JSON.stringify(told));
        return told;
      },
    }));
  },
};`;

it.each([
  // A step of one image, of two and of four take seven of a block's seconds; eight images would take eight more.
  { seconds: 2 * 7, images: 4 },
  { seconds: 2 * 8, images: 4 },
  { seconds: 2 * 6, images: 2 },
  { seconds: 2 * 100, images: 16 },
])('rehearses in $seconds seconds with $images images, the same time for both blocks', async (expected) => {
  const one = await rehearsal(1e-9, CLOCK);
  const told = await rehearsal(expected.seconds, CLOCK);
  expect(told.seconds).toBe(2 * expected.images);
  expect(told.macs).toBeCloseTo(expected.images * one.macs, 3);
});

/** Cells that say nothing of the maps that they keep. */
const SILENT = `export default {
  name: 'silent',
  apply({ hooks }) {
    const silent = (cell) => Object.assign(cell, { activations: undefined });
    hooks.supernet.tap('silent', (supernet) => ({
      ...supernet,
      createCell: (request) => silent(supernet.createCell(request)),
    }));
  },
};`;

it('counts the teacher’s maps alone where cells do not say what they keep', async () => {
  const project = await tinyProject();
  writeFileSync(join(project, 'silent.mjs'), SILENT);
  const bytes = async (plugins: string[]) => {
    const { stages } = await planRun({ project, plugins, config: TINY }, { seconds: 0 });
    return stages[0]!.activationBytes;
  };
  // Sixteen images in floats: themselves, and what the teacher makes of them behind each block.
  const maps = 4 * 16 * (16 * 16 + 4 * 4 * 16 + 2 * 2 * 16);
  expect(await bytes(['./silent.mjs'])).toBe(maps);
  expect(await bytes([])).toBeGreaterThan(maps);
});
