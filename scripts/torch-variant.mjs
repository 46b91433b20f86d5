// Compiles the torch backend's addon otherwise than for this machine, and runs the backend's tests on it: values,
// gradients and shapes of every op.
//
//     node scripts/torch-variant.mjs sanitised   with AddressSanitizer and UndefinedBehaviorSanitizer
//     node scripts/torch-variant.mjs avx2        for a processor whose vectors have eight floats
//
// Uses the libtorch that `dna backend install torch` has brought; further words go to vitest. The addon is kept in .cache.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCompiler } from 'dna-nas/install';
import {
  buildFolder,
  buildInstallation,
  openTorch,
  readInstallation,
  TORCH,
  torchHome,
  writeInstallation,
} from '../dist/plugins/backend-torch/install/index.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
// Ratings of a trained supernet and whole teachers take minutes under sanitisers and run no op that the other tests do not.
const TESTS = ['test/backend-torch', '--exclude=**/{precision,timm}.test.ts', '--testTimeout=600000'];

const VARIANTS = {
  sanitised: { request: { sanitise: true }, environment: sanitisers },
  avx2: {
    request: { flags: ['-Werror', '-march=x86-64-v3'] },
    environment: () => process.env,
    obstacle: missesAvx2,
  },
};

function missesAvx2() {
  const file = '/proc/cpuinfo';
  const has = process.arch === 'x64' && existsSync(file) && /\bavx2\b/.test(readFileSync(file, 'utf8'));
  return has ? undefined : 'this machine does not say that it has AVX2';
}

async function compile(name, folder) {
  const compiler = await findCompiler(TORCH);
  process.env.DNA_BACKENDS = join(ROOT, `.cache/torch-${name}`);
  mkdirSync(torchHome(), { recursive: true });
  const told = (text) => console.log(text);
  const parts = { folder: buildFolder(), torch: openTorch(folder), compiler, told };
  const request = { ...parts, ...VARIANTS[name].request };
  const { installation } = await buildInstallation(request);
  writeInstallation(installation);
  return compiler;
}

// The sanitiser's library has to be loaded before everything else, which Node does not know of.
function sanitisers(compiler) {
  const found = spawnSync(compiler.command, ['-print-file-name=libasan.so'], { encoding: 'utf8' });
  return {
    ...process.env,
    LD_PRELOAD: found.stdout.trim(),
    // Node and libtorch keep memory until the end, and their exceptions pass frames that were not compiled so.
    ASAN_OPTIONS: 'detect_leaks=0:alloc_dealloc_mismatch=0:handle_segv=0',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
  };
}

const [name, ...words] = process.argv.slice(2);
const variant = VARIANTS[name];
const installed = readInstallation();
const obstacle = installed
  ? variant?.obstacle?.()
  : 'the torch backend is not installed here (dna backend install torch)';
if (variant === undefined) {
  console.error(
    `${name ?? 'Nothing'} was asked for; the variants are ${Object.keys(VARIANTS).join(' and ')}.`,
  );
  process.exitCode = 2;
} else if (obstacle !== undefined) {
  console.log(`skipped: ${obstacle}`);
} else {
  const env = variant.environment(await compile(name, installed.folder));
  const command = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...TESTS, ...words];
  process.exitCode = spawnSync(process.execPath, command, { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1;
}
