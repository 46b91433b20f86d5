// Holds exported networks to ONNX's own checker and to onnxruntime (PyPI): node scripts/onnx-reference.mjs
// A network of every preset's space, and of a space of a user's, with weights and batch-norm statistics that are drawn,
// is exported, checked with strict shape inference, and run on batches of 1 and 3 images; the outputs are compared with
// ours. So is every operation that can be exported (the cases of test/export), a network in every opset, with batch
// norms kept, and with pixels normalised in the graph. Then the Python program of docs/how-to/ship.md is run as it
// stands, with its model, and `dna predict` by onnxruntime-web (npm) tells what it tells by the run; the program that measures layers runs, and so does the export in eight bits. Without pip, or where it does not bring the packages, it is skipped. Builds on dist/: `node scripts/build.mjs` first.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInBackend } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { planNetwork } from 'dna-nas/core/space';
import { networkToOnnx, OPSETS } from 'dna-nas/export';
import { EVALUATE, tf } from 'dna-nas/nn';
import { blocksOf } from './docs-commands.mjs';
import {
  CLASSES,
  drawImages,
  IMAGE,
  operationNetworks,
  presetNetworks,
  spaceOf,
  trained,
} from './exported-networks.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CHECKER = fileURLToPath(new URL('./onnx-reference.py', import.meta.url));
const PAGE = join(ROOT, 'docs', 'how-to', 'ship.md');
const PACKAGES = ['onnx==1.23.2', 'onnxruntime==1.32.0', 'pillow'];
const BATCHES = [1, 3];
const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(0);
}

/** The environment in which Python has both packages; those that it has already are taken. */
function pythonWithOnnx(folder) {
  const python = (words, env = process.env) => spawnSync('python3', words, { encoding: 'utf8', env });
  if (python(['-c', 'import onnx, onnxruntime, PIL']).status === 0) return process.env;
  const target = join(folder, 'python');
  const { status, error, stderr } = python([
    '-m',
    'pip',
    'install',
    '--quiet',
    '--target',
    target,
    ...PACKAGES,
  ]);
  if (status !== 0)
    skip(
      `pip does not bring ${PACKAGES.join(' and ')} here (${error?.message ?? stderr.trim().split('\n').at(-1)})`,
    );
  return { ...process.env, PYTHONPATH: target };
}

async function networks() {
  const found = [...(await presetNetworks()), ...(await operationNetworks())].map((one) => ({
    ...one,
    options: {},
  }));
  const add = (name, create, options = {}) => found.push({ name, create, options });
  const space = await spaceOf({ preset: 'paper-b0' });
  const options = { image: IMAGE, classes: CLASSES };
  for (const name of ['tf_efficientnet_b0', 'tf_efficientnet_lite0', 'dna-c'])
    add(name, () => trained(planNetwork(space, name).create(options), randomStream('onnx').fork(name)));
  const { create } = found.find(({ name }) => name.startsWith('quickstart'));
  for (let opset = OPSETS.least; opset <= OPSETS.most; opset++)
    add(`opset ${opset}`, create, { opset, keepNorms: true });
  add('norms kept', found[0].create, { keepNorms: true });
  add('pixels normalised', create, { normalisation: NORMALISATION });
  return found;
}

function prepared(images, { normalisation }) {
  if (!normalisation) return images;
  const { mean, std } = normalisation;
  return images.map((pixel, at) => (pixel / 255 - mean[at % 3]) / std[at % 3]);
}

const bytesOf = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);

/** Writes the model and, for each batch, what goes in (NCHW) and what ours puts out; answers what the checker reads. */
async function writeCase({ name, create, options, mixesAxes = false }, at, folder) {
  const file = join(folder, `${at}.onnx`);
  const network = create();
  const runs = BATCHES.map((count) => {
    const shape = [count, IMAGE.height, IMAGE.width, IMAGE.channels];
    const images = drawImages(count, options.normalisation ? 'bytes' : 'values');
    const [input, output] = tf.tidy(() => [
      tf.transpose(tf.tensor(images, shape), [0, 3, 1, 2]).dataSync(),
      network.forward(tf.tensor(prepared(images, options), shape), EVALUATE).dataSync(),
    ]);
    const files = [`${at}-${count}-input.bin`, `${at}-${count}-output.bin`].map((one) => join(folder, one));
    writeFileSync(files[0], bytesOf(input));
    writeFileSync(files[1], bytesOf(output));
    return { input: files[0], output: files[1], shape: [count, IMAGE.channels, IMAGE.height, IMAGE.width] };
  });
  network.dispose();
  writeFileSync(file, await networkToOnnx(create, { image: IMAGE, ...options }));
  return { name, file, runs, mixesAxes };
}

/** The program that the page shows, with the files that it names: a run in small, and one of its images. */
function followPage(folder, env) {
  const program = blocksOf(readFileSync(PAGE, 'utf8')).find(({ language }) => language === 'python').content;
  const project = join(folder, 'page');
  mkdirSync(project);
  const set = [
    'data={use: synthetic, size: 28, classes: 10, train: 320, validation: 80, test: 80, augment: {}}',
  ];
  const call = (command, words) => {
    const { status, stdout, stderr } = spawnSync(command, words, { cwd: project, encoding: 'utf8', env });
    if (status !== 0)
      throw new Error(`${command} ${words.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
    return stdout;
  };
  const dna = (...words) => call(process.execPath, [join(ROOT, 'bin', 'dna.js'), ...words]);
  const architecture = 'ir_r1_k3_s2_e3_c8 | ir_r1_k3_s1_e3_c16 | ir_r1_k3_s2_e3_c32';
  const settings = [...set, 'name=small', 'retrain.epochs=0.5'].flatMap((one) => ['--set', one]);
  dna('retrain', '--preset', 'quickstart', '--architecture', architecture, ...settings);
  dna('export', 'runs/small', '--output', 'network.onnx');
  call('python3', ['-c', "from PIL import Image; Image.effect_noise((28, 28), 50).save('image.png')"]);
  console.log(`the program of docs/how-to/ship.md: ${call('python3', ['-c', program]).trim()}`);
  comparePredictions({ call, dna });
  const int8 = dna('export', 'runs/small', '--quantize', 'int8', '--output', 'int8.onnx');
  console.log(`int8 by onnxruntime-web: ${int8.split('\n').find((line) => line.startsWith('float32'))}`);
  dna('latency', 'measure', 'runs/small', '--networks', '2', '--rounds', '1', '--output', 'web.json');
  dna('latency', 'export', 'runs/small', '--networks', '2', '--output', 'models');
  call('python3', ['models/measure.py', '--rounds', '2', '--output', 'measured.json']);
  const [first] = dna('latency', 'show', 'measured.json', 'runs/small').split('\n');
  console.log(`models/measure.py of docs/how-to/latency.md: ${first}`);
}

/** The same image by the exported model and by the run. */
function comparePredictions({ call, dna }) {
  call('npm', ['install', '--silent', '--ignore-scripts', 'onnxruntime-web']);
  const predict = (model) =>
    JSON.parse(dna('predict', 'image.png', '--model', model, '--top', '10', '--json')).images[0].classes;
  const ours = predict('runs/small');
  const likely = new Map(ours.map((one) => [one.class, one.probability]));
  const distances = predict('network.onnx').map((one) => Math.abs(one.probability - likely.get(one.class)));
  const worst = Math.max(...distances);
  console.log(
    `dna predict by onnxruntime-web: ${ours.length} probabilities, at most ${worst.toExponential(1)} apart`,
  );
  if (!(distances.length === 10 && worst < 1e-4)) throw new Error('the predictions differ');
}

const folder = mkdtempSync(join(tmpdir(), 'dna-onnx-'));
try {
  const env = pythonWithOnnx(folder);
  await (await builtInBackend('wasm')).start({ workers: 1 });
  const cases = [];
  for (const [at, one] of (await networks()).entries()) cases.push(await writeCase(one, at, folder));
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
  const { status } = spawnSync('python3', [CHECKER, join(folder, 'cases.json')], { stdio: 'inherit', env });
  if (status !== 0) process.exitCode = 1;
  followPage(folder, env);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
