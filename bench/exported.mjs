// What an exported model costs where it is served: our ONNX against PyTorch's export of timm's network with the same
// weights, in onnxruntime: node bench/exported.mjs [--json]. DNA_PYTHON names a Python with torch, timm, safetensors,
// onnx, onnxscript and onnxruntime. One thread, an image at a time, both models in one process and in turn.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInBackend, resolveConfig } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { applyPlugins } from 'dna-nas/core/plugin';
import { planNetwork } from 'dna-nas/core/space';
import { networkToOnnx, networkToTimm } from 'dna-nas/export';
import { ROOT, runAlone } from './measure.mjs';

const PYTHON = process.env.DNA_PYTHON ?? 'python3';
const MODULES = 'torch, timm, safetensors.torch, onnx, onnxscript, onnxruntime';
/** Where PyTorch's network is the same one to the last operation, padding included. */
const NETWORKS = ['dna-c', 'efficientnet_b0'];
const IMAGE = { height: 224, width: 224, channels: 3 };
const CLASSES = 1000;

async function paperSpace() {
  const config = await resolveConfig({ project: ROOT, configFile: false, preset: 'paper-b0' });
  return (await applyPlugins(config, { project: ROOT, main: false })).resolve('resolveSpace', 'space');
}

/** Both models of each network, as files. */
async function writeModels(folder) {
  const space = await paperSpace();
  return Promise.all(
    NETWORKS.map(async (name) => {
      const plan = planNetwork(space, name);
      const create = () => {
        const network = plan.create({ image: IMAGE, classes: CLASSES });
        network.initialise(randomStream('bench').fork(name));
        return network;
      };
      const facts = { name, architecture: plan.text, parameters: 0, multiplyAdds: 0, classes: CLASSES };
      const timm = networkToTimm(create, { ...facts, ...IMAGE, input: '', version: '0' });
      const file = (ending) => join(folder, `${name}.${ending}`);
      writeFileSync(file('safetensors'), timm.bytes);
      writeFileSync(file('py'), timm.program(`${name}.safetensors`));
      writeFileSync(file('onnx'), await networkToOnnx(create, { image: IMAGE }));
      return { name, ours: file('onnx'), program: file('py') };
    }),
  );
}

export async function bench() {
  if (spawnSync(PYTHON, ['-c', `import ${MODULES}`]).status !== 0)
    return { bench: 'exported', skipped: `${PYTHON} has not all of ${MODULES}`, figures: [] };
  const folder = mkdtempSync(join(tmpdir(), 'dna-exported-'));
  try {
    await (await builtInBackend('wasm')).start({ workers: 1 });
    const input = JSON.stringify(await writeModels(folder));
    const program = join(ROOT, 'bench', 'exported.py');
    const { status, stdout, stderr } = spawnSync(PYTHON, [program], { input, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1));
    return { bench: 'exported', figures: JSON.parse(stdout).flatMap(figuresOf) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf({ name, ratio, milliseconds, nodes, difference }) {
  return [
    {
      what: `${name} in onnxruntime: time of our model as a multiple of timm's`,
      value: ratio,
      unit: '×',
      target: { most: 1.05 },
      detail: `${milliseconds.ours.toFixed(2)} and ${milliseconds.timm.toFixed(2)} ms an image; logits differ by ${difference.toExponential(1)} of the greatest`,
    },
    {
      what: `${name}: no more nodes than timm's after onnxruntime's optimisation`,
      value: nodes.ours <= nodes.timm,
      unit: '',
      target: { exactly: true },
      detail: `${nodes.ours} and ${nodes.timm}`,
    },
  ];
}

await runAlone(import.meta.url, bench);
