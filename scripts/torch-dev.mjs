// For work on native code: compiles what has changed with all warnings as errors and installs it, without downloads and
// trials. DNA_TORCH names a libtorch; `--tests` compiles and runs the C++ tests, `--sanitise` with AddressSanitizer.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findCompiler } from 'dna-nas/core';
import {
  buildFolder,
  buildInstallation,
  compileTests,
  openTorch,
  TORCH,
  torchHome,
  writeInstallation,
} from '../dist/plugins/backend-torch/install/index.js';

const torch = openTorch(process.env.DNA_TORCH ?? '');
const compiler = await findCompiler(TORCH);
const sanitise = process.argv.includes('--sanitise');
const told = (text) => console.log(text);
const request = { folder: buildFolder(), torch, compiler, sanitise, flags: ['-Werror'], told };
try {
  if (sanitise || process.argv.includes('--tests')) {
    const program = await compileTests(request);
    const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };
    process.exitCode = spawnSync(program, [], { stdio: 'inherit', env }).status ?? 1;
  } else {
    mkdirSync(torchHome(), { recursive: true });
    const { installation } = await buildInstallation(request);
    writeInstallation(installation);
    console.log(`${installation.addon}\nin ${join(torchHome(), 'installed.json')}`);
  }
} catch (error) {
  console.error(error.code ? error.message : error);
  process.exitCode = 1;
}
