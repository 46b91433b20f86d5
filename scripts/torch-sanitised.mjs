// Compiles the torch backend's addon with AddressSanitizer and UndefinedBehaviorSanitizer and runs the backend's tests on
// it: values, gradients and shapes of every op. Uses the libtorch that `dna backend install torch` has brought; words
// after the command go to vitest. The addon is kept in .cache.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCompiler } from 'dna-nas/core';
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
// Ratings of a trained supernet and whole teachers take minutes here and run no op that the other tests do not.
const TESTS = ['test/backend-torch', '--exclude=**/{precision,timm}.test.ts', '--testTimeout=600000'];

async function compile(folder) {
  const compiler = await findCompiler(TORCH);
  process.env.DNA_BACKENDS = join(ROOT, '.cache/torch-sanitised');
  mkdirSync(torchHome(), { recursive: true });
  const told = (text) => console.log(text);
  const request = { folder: buildFolder(), torch: openTorch(folder), compiler, sanitise: true, told };
  const { installation } = await buildInstallation(request);
  writeInstallation(installation);
  return compiler;
}

// The sanitiser's library has to be loaded before everything else, which Node does not know of.
function environment(compiler) {
  const found = spawnSync(compiler.command, ['-print-file-name=libasan.so'], { encoding: 'utf8' });
  return {
    ...process.env,
    LD_PRELOAD: found.stdout.trim(),
    // Node and libtorch keep memory until the end, and their exceptions pass frames that were not compiled so.
    ASAN_OPTIONS: 'detect_leaks=0:alloc_dealloc_mismatch=0:handle_segv=0',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
  };
}

const installed = readInstallation();
if (installed === undefined) {
  console.log('skipped: the torch backend is not installed here (dna backend install torch)');
} else {
  const env = environment(await compile(installed.folder));
  const words = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', ...TESTS, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, words, { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1;
}
