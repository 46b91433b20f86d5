// Compares what data-imagenet reads of real images with torchvision's evaluation transform, both filters, byte by
// byte: node scripts/imagenet-reference.mjs [FOLDER of class folders]. DNA_PYTHON names a Python with torchvision.
// Builds on dist/: `node scripts/build.mjs` first.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHooks } from 'dna-nas/core';
import { dataImagenet } from 'dna-nas/plugins/data-imagenet';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCRIPT = join(ROOT, 'scripts', 'imagenet-reference.py');
const SAMPLE = process.argv[2] ?? join(ROOT, '..', 'shared', 'data', 'imagenet-sample');
const PYTHON = process.env.DNA_PYTHON ?? 'python3';
const SIDE = 224;
/** The mean distance of all values that is allowed, in 255ths. */
const MOST = 1;

function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(0);
}

if (!existsSync(SAMPLE)) skip(`there is no folder ${SAMPLE}`);
if (spawnSync(PYTHON, ['-c', 'import torchvision']).status !== 0) skip(`${PYTHON} cannot import torchvision`);

function reference(folder, filter) {
  const out = join(folder, `${filter}.bin`);
  const words = [SCRIPT, 'evaluate', SAMPLE, out, String(SIDE), filter];
  const { status, stderr } = spawnSync(PYTHON, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return readFileSync(out);
}

async function open(interpolation) {
  const run = { hooks: createHooks(), seed: 1, project: ROOT, main: true, resolve: () => undefined };
  const evaluation = { crop: 0.875, interpolation };
  const plain = { mean: [0, 0, 0], std: [1, 1, 1], heldOutPerClass: 0, testShare: 0 };
  dataImagenet({ path: SAMPLE, imageSize: SIDE, evaluation, ...plain }).apply(run);
  return (await run.hooks.resolveData.promise({ slot: 'data' })).open();
}

async function compare(folder, filter) {
  const expected = reference(folder, filter);
  const dataset = await open(filter);
  const count = dataset.description.size.test;
  const { images } = await dataset.read(
    'test',
    Uint32Array.from({ length: count }, (_, index) => index),
  );
  await dataset.close();
  if (images.length !== expected.length)
    throw new Error(`${images.length} values, expected ${expected.length}`);
  let [sum, greatest] = [0, 0];
  expected.forEach((byte, at) => {
    const distance = Math.abs(images[at] * 255 - byte);
    sum += distance;
    greatest = Math.max(greatest, distance);
  });
  const mean = sum / expected.length;
  console.log(
    `${filter}: ${count} images, mean distance ${mean.toFixed(4)} of 255, greatest ${greatest.toFixed(2)}`,
  );
  return mean <= MOST;
}

const folder = mkdtempSync(join(tmpdir(), 'dna-imagenet-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const filter of ['bicubic', 'bilinear']) {
  if (!(await compare(folder, filter))) process.exitCode = 1;
}
