// The quickstart on libtorch and on WebAssembly, as a user runs it: node bench/torch/quickstart.mjs [--json] [--profile]
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from 'dna-nas/configuration';
import { ROOT, runAlone, tell, watchCores } from '../measure.mjs';
import { openRun } from './open-run.mjs';
import { findTorch, withFolder } from './peers.mjs';
import { Profile, profileTable } from './profile.mjs';

const MOST_SECONDS = 60;
const PROFILED_EPOCHS = 0.02;

/** Lets a program of Node's tell what it took of the cores, with all its threads. */
const TELL_CORES = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.on('exit', () => writeSync(3, JSON.stringify(process.cpuUsage())));
`)}`;

/** Runs it on both backends, one after the other. */
export async function benchQuickstart() {
  const { skipped } = await findTorch();
  if (skipped) return { bench: 'torch-quickstart', skipped, figures: [] };
  const runs = {};
  for (const backend of ['torch', 'wasm']) runs[backend] = await quickstart(backend);
  return {
    bench: 'torch-quickstart',
    figures: figures(runs),
    runs,
    otherCores: Math.max(...Object.values(runs).map(({ otherCores }) => otherCores)),
  };
}

function quickstart(backend) {
  return withFolder(undefined, (folder) => {
    const settings = [`backend=${backend}`, `runs=${folder}`, 'reports=["console", "json"]'];
    const words = ['run', '--preset', 'quickstart', ...settings.flatMap((setting) => ['--set', setting])];
    const [began, cores] = [performance.now(), watchCores()];
    const program = ['--import', TELL_CORES, join(ROOT, 'bin', 'dna.js'), ...words];
    const stdio = ['ignore', 'pipe', 'inherit', 'pipe'];
    const { status, stdout, output } = spawnSync(process.execPath, program, {
      cwd: ROOT,
      encoding: 'utf8',
      stdio,
    });
    const seconds = (performance.now() - began) / 1000;
    if (status !== 0) throw new Error(`the quickstart on ${backend} ended with ${status}`);
    const summary = JSON.parse(readFileSync(join(folder, 'quickstart', 'summary.json'), 'utf8'));
    tell(stdout);
    const { user, system } = JSON.parse(output[3]);
    const { otherCores } = cores((user + system) / 1000);
    return { seconds, otherCores, networks: summary.networks, architecture: summary.architecture };
  });
}

function figures({ torch, wasm }) {
  return [
    {
      what: 'quickstart on libtorch, from the command to its summary',
      value: torch.seconds,
      unit: 's',
      target: { most: MOST_SECONDS },
      detail: accuracies(torch),
    },
    { what: 'quickstart on WebAssembly', value: wasm.seconds, unit: 's', detail: accuracies(wasm) },
    { what: 'quickstart: time against WebAssembly', value: torch.seconds / wasm.seconds, unit: '×' },
  ];
}

function accuracies({ networks }) {
  return networks.map(({ name, top1 }) => `${name} ${(100 * top1).toFixed(2)} %`).join(', ');
}

/** Prints where a part of the distillation's time goes, in one thread: `--set backend=wasm` for another backend. */
async function profile() {
  const { values } = parseArgs({
    options: {
      profile: { type: 'boolean' },
      shapes: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
    },
  });
  await withFolder(undefined, async (folder) => {
    const set = ['backend=torch', 'reports=[]', 'workers=1', `runs=${folder}`, ...values.set];
    await openRun({}, { set });
    const distill = (name, epochs) => {
      const settings = [...set, `name=${name}`, `distill.epochs=${epochs}`];
      const request = { configFile: false, preset: 'quickstart', set: settings };
      return run(request, { until: 'distill', inline: true });
    };
    await distill('warm-up', PROFILED_EPOCHS / 4);
    const told = await new Profile(values).measure(() => distill('profiled', PROFILED_EPOCHS), 1);
    process.stdout.write(`${profileTable(told)}\n`);
  });
}

if (process.argv.includes('--profile')) await profile();
else await runAlone(import.meta.url, benchQuickstart);
