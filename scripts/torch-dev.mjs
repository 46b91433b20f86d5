// For work on native code: compiles what has changed with all warnings as errors and installs it, without downloads and
// trials. DNA_TORCH names a libtorch.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findCompiler } from 'dna-nas/install';
import {
  buildFolder,
  buildInstallation,
  openTorch,
  TORCH,
  torchHome,
  writeInstallation,
} from '../dist/plugins/backend-torch/install/index.js';

const torch = openTorch(process.env.DNA_TORCH ?? '');
const compiler = await findCompiler(TORCH);
const told = (text) => console.log(text);
const request = { folder: buildFolder(), torch, compiler, flags: ['-Werror'], told };
try {
  mkdirSync(torchHome(), { recursive: true });
  const { installation } = await buildInstallation(request);
  writeInstallation(installation);
  console.log(`${installation.addon}\nin ${join(torchHome(), 'installed.json')}`);
} catch (error) {
  console.error(error.code ? error.message : error);
  process.exitCode = 1;
}
