// Runs the programs of PyTorch that `dna export --format safetensors` writes: node scripts/pytorch-reference.mjs
// Every operation that can be exported (the cases of test/export), and a network of every preset's space, is written as
// a file of tensors and a program, run on batches of 1 and 3 images, and compared with ours. Without PyTorch and
// safetensors in Python it is skipped. Builds on dist/: `node scripts/build.mjs` first.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInBackend } from 'dna-nas/core/plugin';
import { networkToPytorch } from 'dna-nas/export';
import { EVALUATE, tf } from 'dna-nas/nn';
import { CLASSES, drawImages, IMAGE, operationNetworks, presetNetworks } from './exported-networks.mjs';

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

async function writeCase({ name, create }, at, folder) {
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
  const { bytes, program } = await networkToPytorch(create, { image: IMAGE, facts: FACTS });
  writeFileSync(join(folder, `n${at}.safetensors`), bytes);
  writeFileSync(join(folder, `n${at}.py`), program(`n${at}.safetensors`));
  return { name, file: join(folder, `n${at}.py`), runs };
}

const folder = mkdtempSync(join(tmpdir(), 'dna-pytorch-'));
try {
  await (await builtInBackend('cpu')).start({ workers: 1 });
  const all = [...(await operationNetworks()), ...(await presetNetworks()).filter(({ turn }) => turn === 1)];
  const cases = [];
  for (const [at, one] of all.entries()) cases.push(await writeCase(one, at, folder));
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
  const { status } = spawnSync('python3', [CHECKER, join(folder, 'cases.json')], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
