// The torch backend with its part for CUDA: installed if it is not, for this GPU, and what `auto` takes.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readInstallation } from 'dna-nas/plugins/backend-torch';
import { ROOT } from '../../../bench/measure.mjs';
import { readGpus } from '../nvidia.mjs';
import { check, skipped, told } from '../rows.mjs';
import { runModule } from '../run-module.mjs';

const DNA = join(ROOT, 'bin', 'dna.js');

export async function run({ device, fake, budget }) {
  if (device === 'cpu')
    return { rows: [check('the torch backend is installed', readInstallation() !== undefined)] };
  // What stands in for the runtime comes with an installation of its own.
  const rows = fake ? [] : [install(budget.left)];
  const installation = readInstallation();
  rows.push(...installedRows(installation));
  if (installation) {
    const { result, failure } = await runModule('./programs/describe.mjs', { device, seconds: budget.left });
    const value = failure ?? `${result.gpu}, libtorch ${result.torch}`;
    rows.push(
      check('the backend starts on the GPU', !failure && Boolean(result.gpu), { value, detail: failure }),
    );
  }
  rows.push(fake ? skipped('auto takes the GPU', 'it looks for a driver') : autoRow());
  return { rows, data: { installation } };
}

/** Does nothing where all is there; compiles what has changed. */
function install(seconds) {
  const began = performance.now();
  const { status, output } = dna(['backend', 'install', 'torch', '--cuda'], seconds);
  const took = `${((performance.now() - began) / 1000).toFixed(0)} s`;
  return check('dna backend install torch --cuda', status === 0, {
    value: took,
    detail: output.slice(-2000),
  });
}

function installedRows(installation) {
  const { torch, cuda, kernels, compiler, architectures } = installation ?? {};
  const [gpu] = readGpus();
  return [
    check('the CUDA part is installed', Boolean(cuda), {
      value: `libtorch ${torch}, CUDA ${cuda}, ${compiler}`,
    }),
    check('our own kernels are compiled in', kernels === true),
    ...(architectures ? [architectureRow(architectures, gpu)] : []),
  ];
}

/** Machine code for this GPU's generation, or PTX that the driver compiles for it. */
function architectureRow(architectures, gpu) {
  const what = 'architectures that are compiled in';
  const value = architectures.join(', ');
  if (!gpu) return told(what, value);
  const own = gpu.capability.replace('.', '');
  return check(
    what,
    architectures.some((name) => String(name).includes(own)),
    { value, wanted: own },
  );
}

function autoRow() {
  const { output } = dna(['backend', 'list'], 60);
  const line = output.split('\n').find((text) => text.startsWith('auto')) ?? output;
  const torch = output.split('\n').find((text) => text.startsWith('torch')) ?? '';
  const good = /\btorch\b/.test(line) && /cuda/i.test(torch);
  return check('auto takes torch on the GPU', good, { value: line.replaceAll(/\s+/g, ' '), detail: output });
}

function dna(words, seconds) {
  const options = { cwd: ROOT, encoding: 'utf8', timeout: 1000 * seconds };
  const { status, stdout, stderr } = spawnSync(process.execPath, [DNA, ...words], options);
  return { status, output: `${stdout}${stderr}`.trim() };
}
