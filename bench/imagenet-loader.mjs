// Images a second of data-imagenet against torchvision's DataLoader, on the same images and cores:
// node bench/imagenet-loader.mjs [--data FOLDER] [--json]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createHooks, randomStream } from 'dna-nas/core';
import { ReadAhead } from 'dna-nas/nn/training';
import { dataImagenet } from 'dna-nas/plugins/data-imagenet';
import { interleave, median, medianRatio, ROOT, runAlone } from './measure.mjs';
import { torchProgram, withSides } from './torch/peers.mjs';

const BATCH = 50;
const IMAGES = 400;
const WARM_UP = 2;
const ROUNDS = 7;
const TRANSFORMS = { train: 'random resized crop and flip', evaluate: 'resize and centre crop' };
const SAMPLE = join(ROOT, '..', 'shared', 'data', 'imagenet-sample');

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, data: { type: 'string', default: SAMPLE } },
});

/** Both loaders give out normalised float32 images of 224×224, a worker or thread a core. */
export async function benchLoader() {
  const skipped = whatIsMissing();
  if (skipped) return { bench: 'imagenet-loader', skipped, figures: [] };
  const workers = availableParallelism();
  const words = { data: options.data, workers, batch: BATCH, images: IMAGES };
  const peer = { program: torchProgram(python(), 'loader.py', words) };
  const own = await openOwn(workers);
  try {
    return await withSides({ torch: peer }, ({ torch }) => measure(own, torch));
  } finally {
    await own.close();
  }
}

const python = () => process.env.DNA_PYTHON ?? 'python3';

function whatIsMissing() {
  if (!existsSync(options.data))
    return `there is no folder ${options.data}; --data names one of class folders`;
  const { status } = spawnSync(python(), ['-c', 'import torchvision']);
  if (status !== 0) return `${python()} cannot import torchvision; DNA_PYTHON names a Python that does`;
  return undefined;
}

async function openOwn(threads) {
  const run = { hooks: createHooks(), seed: 1, project: ROOT, main: true, resolve: () => undefined };
  dataImagenet({ path: options.data, heldOutPerClass: 0, testShare: 0, threads }).apply(run);
  const source = await run.hooks.resolveData.promise({ slot: 'data' });
  return source.open();
}

async function measure(own, torch) {
  const runs = {};
  for (const transform of Object.keys(TRANSFORMS)) {
    const sides = {
      own: (round) => readOwn(own, transform, round),
      torch: () => torch.ask({ do: 'read', transform }),
    };
    await interleave(sides, WARM_UP);
    runs[transform] = await interleave(sides, ROUNDS);
  }
  return { bench: 'imagenet-loader', figures: Object.entries(runs).flatMap(figuresOf), runs };
}

async function readOwn(dataset, transform, round) {
  const random = randomStream(`round ${round}`);
  const { train } = dataset.description.size;
  const batches = new ReadAhead(dataset, {
    split: 'train',
    request(step) {
      const draws = random.fork(step);
      const indices = Uint32Array.from({ length: BATCH }, () => draws.integer(train));
      return { indices, options: transform === 'train' ? { augment: draws } : {} };
    },
    end: IMAGES / BATCH,
  });
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  for (let step = 0; step < IMAGES / BATCH; step++) await batches.take(step);
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6, images: IMAGES };
}

function figuresOf([transform, { own, torch }]) {
  const perSecond = (measured, name) => median(measured.map((run) => run.images / run[name])).toFixed(0);
  const cpu = (measured) => measured.map(({ cpuSeconds: seconds }) => ({ seconds }));
  const what = TRANSFORMS[transform];
  const target = transform === 'train' ? { target: { least: 1.5 } } : {};
  return [
    {
      what: `Images a second, ${what}: against torchvision's DataLoader`,
      value: medianRatio(torch, own),
      unit: '×',
      ...target,
      detail: `${perSecond(own, 'seconds')} against ${perSecond(torch, 'seconds')}`,
    },
    {
      what: `Images a core-second, ${what}: against torchvision's DataLoader`,
      value: medianRatio(cpu(torch), cpu(own)),
      unit: '×',
      detail: `${perSecond(own, 'cpuSeconds')} against ${perSecond(torch, 'cpuSeconds')}`,
    },
  ];
}

await runAlone(import.meta.url, benchLoader);
