// Runs the programs of PyTorch that `dna export --format safetensors` writes: node scripts/pytorch-reference.mjs
// Every operation that can be exported (the cases of test/export), and a network of every preset's space, is written as
// a file of tensors and a program, run on batches of 1 and 3 images, and compared with ours. Without PyTorch and
// safetensors in Python it is skipped. Builds on dist/: `node scripts/build.mjs` first.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInBackend } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { networkToPytorch, networkToTimm } from 'dna-nas/export';
import { EVALUATE, tf } from 'dna-nas/nn';
import {
  CLASSES,
  drawImages,
  IMAGE,
  operationNetworks,
  presetNetworks,
  spaceOf,
  trained,
} from './exported-networks.mjs';

const CHECKER = fileURLToPath(new URL('./pytorch-reference.py', import.meta.url));
const BATCHES = [1, 3];

if (spawnSync('python3', ['-c', 'import torch, safetensors.torch']).status !== 0) {
  console.log('skipped: Python has no PyTorch and safetensors here');
  process.exit(0);
}

const bytesOf = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);

/** What stands beside a network of a run, here of none. */
const FACTS = {
  ...{ name: 'found', architecture: 'a "drawn" one', parameters: 0, multiplyAdds: 0, classes: CLASSES },
  ...{ ...IMAGE, input: 'normalised as in its training', version: '0' },
};

async function writeCase({ name, create, write }, at, folder) {
  const network = create();
  const runs = BATCHES.map((count) => {
    const shape = [count, IMAGE.height, IMAGE.width, IMAGE.channels];
    const [input, output] = tf.tidy(() => {
      const images = tf.tensor(drawImages(count), shape);
      return [tf.transpose(images, [0, 3, 1, 2]).dataSync(), network.forward(images, EVALUATE).dataSync()];
    });
    const files = ['input', 'output'].map((part) => join(folder, `${at}-${count}-${part}.bin`));
    writeFileSync(files[0], bytesOf(input));
    writeFileSync(files[1], bytesOf(output));
    return { input: files[0], output: files[1], shape: [count, IMAGE.channels, IMAGE.height, IMAGE.width] };
  });
  network.dispose();
  const { bytes, program } = await write(create);
  writeFileSync(join(folder, `n${at}.safetensors`), bytes);
  writeFileSync(join(folder, `n${at}.py`), program(`n${at}.safetensors`));
  return { name, file: join(folder, `n${at}.py`), runs };
}

const toPytorch = (create) => networkToPytorch(create, { image: IMAGE, facts: FACTS });

/** Those that timm can build, and one whose channels inside a layer the space rounds as timm does. */
async function timmCases(networks) {
  if (spawnSync('python3', ['-c', 'import timm']).status !== 0) {
    console.log('skipped: timm, which Python does not have here');
    return [];
  }
  const twelve = { stem: { channels: 12, stride: 1, separable: 12 }, expansions: [3], innerDivisor: 8 };
  const space = await spaceOf({ preset: 'quickstart', config: { space: { use: 'mbconv', ...twelve } } });
  const architecture = space.blocks.map(({ cells }) => ({ cell: 0, path: cells[0].layers.map(() => 1) }));
  const rounded = () =>
    trained(space.createNetwork(architecture, { image: IMAGE, classes: CLASSES }), randomStream('rounded'));
  const family = networks.filter(({ create }) => isTimms(create));
  return [...family, { name: 'channels rounded to eights', create: rounded }].map(({ name, create }) => {
    return { name: `${name}, in timm`, create, write: (make) => networkToTimm(make, FACTS) };
  });
}

function isTimms(create) {
  try {
    networkToTimm(create, FACTS);
    return true;
  } catch (error) {
    if (error.code === 'EXPORT_TIMM') return false;
    throw error;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'dna-pytorch-'));
try {
  await (await builtInBackend('cpu')).start({ workers: 1 });
  const networks = (await presetNetworks()).filter(({ turn }) => turn === 1);
  const plain = [...(await operationNetworks()), ...networks].map((one) => ({ ...one, write: toPytorch }));
  const all = [...plain, ...(await timmCases(networks))];
  const cases = [];
  for (const [at, one] of all.entries()) cases.push(await writeCase(one, at, folder));
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
  const { status } = spawnSync('python3', [CHECKER, join(folder, 'cases.json')], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
