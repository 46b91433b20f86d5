// Compiles and links the torch backend with its CUDA part, as `dna backend install torch` does on a machine with a GPU,
// and runs it on a CUDA that computes nothing but counts launches and refuses what a GPU would refuse.
//
//     node scripts/fake-cuda.mjs            installs, and runs all checks
//     node scripts/fake-cuda.mjs --install  installs only, for programs of your own (scripts/fake-cuda/README.md)
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCompiler } from 'dna-nas/install';
import {
  buildFolder,
  buildInstallation,
  findCudaTools,
  openTorch,
  TORCH,
  torchHome,
  writeInstallation,
} from '../dist/plugins/backend-torch/install/index.js';
import { tellOldDriver } from './fake-cuda/old-driver.mjs';
import { prepareSite } from './fake-cuda/site.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDER = join(ROOT, '.cache/fake-cuda');
const REPORT = join(FOLDER, 'report.json');
const BACKENDS = join(FOLDER, 'backends');

/** Runs node on the fake GPU and returns what was asked of it. */
function onFakeGpu(words, settings = {}) {
  const env = { ...process.env, DNA_BACKENDS: BACKENDS, FAKE_CUDA_REPORT: REPORT, ...settings };
  const { status, signal } = spawnSync(process.execPath, words, { cwd: ROOT, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${words.join(' ')} ends with ${status ?? signal}`);
  return JSON.parse(readFileSync(REPORT, 'utf8'));
}

/** What `dna backend install torch` does with these, for fewer GPUs: newer ones translate the code for Turing. */
async function install(torch) {
  process.env.DNA_BACKENDS = BACKENDS;
  mkdirSync(torchHome(), { recursive: true });
  const cuda = await findCudaTools(torch);
  if (cuda?.nvcc === undefined) throw new Error(`no CUDA compiler is found beside ${torch.folder}`);
  const { installation } = await buildInstallation({
    ...{ folder: buildFolder(), torch, compiler: await findCompiler(TORCH) },
    cuda: { ...cuda, architectures: ['sm_75', 'compute_75'] },
    // Compiles faster than the usual -O3; nothing is computed.
    flags: ['-Werror', '-O1'],
    told: (text) => console.log(`fake-cuda: ${text}`),
  });
  writeInstallation(installation);
  console.log(`fake-cuda: installed in ${BACKENDS}`);
}

function requireNothingRefused(name, { refusals }) {
  if (refusals.length > 0) throw new Error(`${name}: ${refusals.length} refused, the first: ${refusals[0]}`);
}

/** Every kernel that is compiled in, in one of the two precisions. */
function launchKernels() {
  const launched = new Set();
  let kernels = [];
  for (const precision of ['float32', 'bf16']) {
    const report = onFakeGpu(['scripts/fake-cuda/launch-kernels.mjs', precision]);
    requireNothingRefused(`kernels in ${precision}`, report);
    for (const name of Object.keys(report.launches)) launched.add(name);
    kernels = Object.keys(report.kernels);
  }
  const missing = kernels.filter((name) => !launched.has(name));
  if (kernels.length === 0) throw new Error('no kernel of ours is compiled in');
  if (missing.length > 0) {
    throw new Error(
      `${missing.length} of ${kernels.length} kernels are never launched:\n${missing.join('\n')}`,
    );
  }
  return `${kernels.length} kernels launched`;
}

/** Turing has the least shared memory, Hopper the most. */
function trainSteps() {
  const capabilities = ['7.5', '8.6', '9.0'];
  for (const capability of capabilities) {
    for (const precision of ['float32', 'bf16']) {
      const words = ['scripts/fake-cuda/train-step.mjs', 'tf_efficientnet_b0', precision];
      const report = onFakeGpu(words, { FAKE_CUDA_CAPABILITY: capability });
      requireNothingRefused(`a step in ${precision} on ${capability}`, report);
    }
  }
  return `steps in both precisions on compute capability ${capabilities.join(', ')}`;
}

/** A run's workers, one on each GPU. */
function searchOnTwoDevices() {
  const report = onFakeGpu(['scripts/fake-cuda/search-on-devices.mjs'], { FAKE_CUDA_GPUS: '2' });
  requireNothingRefused('a search on two GPUs', report);
  const launched = Object.keys(report.devices).sort();
  if (launched.join() !== '0,1')
    throw new Error(`a search on two GPUs launches on ${launched.join(', ')} alone`);
  return `a search on two GPUs: ${Object.values(report.devices).join(' and ')} launches`;
}

function refuseWhatIsNotDeterministic() {
  onFakeGpu(['scripts/fake-cuda/not-deterministic.mjs']);
  return 'an op without a deterministic form is refused where one is promised';
}

const CHECKS = [launchKernels, trainSteps, searchOnTwoDevices, tellOldDriver, refuseWhatIsNotDeterministic];

try {
  await install(openTorch(await prepareSite(FOLDER)));
  if (!process.argv.includes('--install')) {
    for (const check of CHECKS) console.log(`fake-cuda: ${check()}`);
  }
} catch (error) {
  console.error(`fake-cuda: ${error.message}`);
  process.exitCode = 1;
}
