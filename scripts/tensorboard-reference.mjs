// Has TensorBoard's own reader (PyPI `tensorboard`) read what report-tensorboard writes: node scripts/tensorboard-reference.mjs
// Of a run that was stopped twice and went back to a checkpoint each time, and of the bytes that the tests compare with
// (test/golden/tensorboard). Without pip it is skipped; DNA_TENSORBOARD names a folder that has the package.
// Builds on dist/: `node scripts/build.mjs` first.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENTS_FOLDER, reportTensorboard } from 'dna-nas/plugins/report-tensorboard';
import {
  applied,
  lossOf,
  RATINGS,
  STEPS,
  SUMMARY,
  TASKS,
  tellFeatures,
  tellRun,
} from '../test/trackers/sample.mjs';
import { pipFolder } from './pip-folder.mjs';

const PACKAGE = 'tensorboard==2.21.0';
const READER = fileURLToPath(new URL('tensorboard-reference.py', import.meta.url));
const GOLDEN = fileURLToPath(new URL('../test/golden/tensorboard/events', import.meta.url));
const PNG = '89504e470d0a1a0a';

function read(folder, env) {
  const { status, stdout, stderr } = spawnSync('python3', [READER, folder], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** What the sample tells, as the reader is to find it. */
function expected() {
  const finite = RATINGS.filter(Number.isFinite);
  const [network] = SUMMARY.networks;
  const results = {
    'result/rating': SUMMARY.rating,
    'result/top1-found': network.top1,
    'result/params-found': network.params,
    'result/macs-found': network.macs,
    'result/seconds': SUMMARY.seconds,
  };
  const losses = TASKS.map((task) => [
    `loss/${task}`,
    Array.from({ length: STEPS }, (_, step) => [step, Math.fround(lossOf(task, step))]),
  ]);
  const image = (height) => [[0, height, height, PNG]];
  return {
    scalars: {
      ...Object.fromEntries(losses),
      'epoch-loss/retrain-found': [[1, 0.5]],
      'epoch-top1/retrain-found': [[1, 0.75]],
      ...Object.fromEntries(Object.entries(results).map(([tag, value]) => [tag, [[0, value]]])),
    },
    histograms: { 'ratings/block-1-cell-1': [[1, finite.length, finite[0], finite.at(-1), finite.length]] },
    images: {
      'images/4': image(3),
      'features-block-1/image-4-teacher': image(2),
      'features-block-1/image-4-student': image(2),
    },
    hparams: {
      ...{ version: '0.2.0', preset: 'quickstart', seed: 7 },
      ...{ 'distill.use': 'blockwise', 'distill.epochs': 0.5, 'distill.decay': 0, 'distill.fair': false },
    },
    metrics: Object.keys(results),
    status: 1,
  };
}

const temporary = mkdtempSync(join(tmpdir(), 'dna-tensorboard-'));
try {
  const env = pipFolder(PACKAGE, { folder: join(temporary, 'packages'), given: process.env.DNA_TENSORBOARD });
  const folder = join(temporary, 'sample');
  mkdirSync(folder);
  for (const [from, until] of [
    [0, 7],
    [3, 9],
    [8, STEPS],
  ]) {
    const hooks = applied(reportTensorboard(), temporary);
    await tellRun(hooks, { folder, from, until });
    if (until === STEPS) await tellFeatures(hooks, folder);
    await hooks.runFailed.promise(new Error('stopped'));
  }
  assert.deepEqual(read(join(folder, EVENTS_FOLDER), env), expected());
  const golden = join(temporary, 'golden');
  mkdirSync(golden);
  copyFileSync(GOLDEN, join(golden, 'events.out.tfevents.1.golden'));
  assert.deepEqual(read(golden, env), expected());
  console.log(`${PACKAGE} reads a run that was stopped twice, and the golden bytes, as they were told`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
