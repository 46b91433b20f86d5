import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommandTools } from 'dna-nas/core';
import { sweepPartial } from 'dna-nas/files';
import {
  findCompiler,
  folderBytes,
  hasGpu,
  requireFolder,
  requirePlatform,
  thisPlatform,
} from 'dna-nas/install';
import { cleanUp } from './clean-up.js';
import { buildFolder, compileBinding, nativeSources } from './compile-binding.js';
import { CUDA, cudaHome } from './cuda.js';
import { bindingFailed } from './errors.js';
import { findTensorflow, type TensorflowRequest } from './find-tensorflow.js';
import { type Installation, writeInstallation } from './installation.js';
import { officialBinding, PACKAGE_VERSION, providePackage } from './node-package.js';
import { type CudaTrial, tryInstallation } from './trial.js';

/** Options of `dna backend install cuda`. */
export interface InstallOptions {
  /** Whether to take the published binary. */
  readonly official?: boolean;
  /** Folder of an installed TensorFlow. */
  readonly tensorflow?: string;
  /** Whether to install for the CPU alone; without a word, where there is no GPU. */
  readonly cpu?: boolean;
}

/**
 * Installs the node package and a TensorFlow, compiles the binding, tries it and writes down that it is there. Each
 * step is left out where it was done before, so that the same command goes on with what was broken off.
 */
export async function installCuda(options: InstallOptions, tools: CommandTools): Promise<void> {
  const begun = performance.now();
  requirePlatform(CUDA, thisPlatform());
  const home = cudaHome();
  requireFolder(CUDA, home);
  sweepPartial(home);
  sweepPartial(buildFolder(home));
  tools.note(`Installing into ${home}.`);
  const told = (text: string) => tools.note(`  ${text}`);
  const made = options.official
    ? await installOfficial(home, told)
    : await compileInstallation(options, { home, tools, told });
  const { installation, trial } = await requireTrial(made, tools);
  writeInstallation(installation, home);
  cleanUp(home, installation);
  const bytes = folderBytes(home);
  tools.print(summary({ installation, trial, bytes, seconds: (performance.now() - begun) / 1000 }));
}

/** The TensorFlow of the published binary lies within the package. */
async function installOfficial(home: string, told: (text: string) => void): Promise<Installation> {
  const folder = await providePackage(home, told);
  told('having it fetch its published binary');
  const binding = await officialBinding(folder);
  const lib = join(folder, 'deps', 'lib');
  const described = {
    tensorflow: 'unknown',
    folder: lib,
    cuda: '11.2',
    compiler: null,
    quiet: null,
    sources: null,
  };
  return { ...described, instructions: [], package: folder, version: PACKAGE_VERSION, binding };
}

async function compileInstallation(
  { tensorflow: given, cpu }: InstallOptions,
  { home, tools, told }: Omit<TensorflowRequest, 'cuda' | 'given'> & { tools: CommandTools },
): Promise<Installation> {
  const compiler = await findCompiler(CUDA);
  const folder = given === undefined ? undefined : resolve(tools.project, given);
  // The small download first: what it lacks is said before the large one.
  const from = await providePackage(home, told);
  const tensorflow = await findTensorflow({ home, given: folder, cuda: !(cpu ?? !hasGpu()), told });
  tools.note(`Compiling the binding with ${compiler.name}, against TensorFlow in ${tensorflow.folder}.`);
  const built = await compileBinding({ home, package: from, tensorflow, compiler });
  return {
    tensorflow: tensorflow.version ?? 'unknown',
    folder: tensorflow.folder,
    cuda: tensorflow.cuda,
    package: from,
    version: PACKAGE_VERSION,
    ...built,
    sources: nativeSources(),
    instructions: compiler.instructions,
    compiler: compiler.name,
  };
}

type Working = CudaTrial & { works: true };

/** What does not work is removed, so that the next installation makes it anew. */
async function requireTrial(
  installation: Installation,
  tools: CommandTools,
): Promise<{ installation: Installation; trial: Working }> {
  tools.note('Trying it: a product of matrices and a convolution in another process.');
  const first = await requireDevice(installation, 'cpu');
  const gpu = installation.cuda !== null && hasGpu();
  const trial = gpu ? await requireDevice(installation, 'cuda') : first;
  return { installation: { ...installation, tensorflow: trial.tensorflow }, trial };
}

async function requireDevice(installation: Installation, device: string): Promise<Working> {
  const trial = await tryInstallation(installation, device);
  if (trial.works) return trial;
  rmSync(buildFolder(cudaHome()), { recursive: true, force: true });
  throw bindingFailed({ device, reason: trial.reason });
}

function summary(parts: {
  installation: Installation;
  trial: Working;
  bytes: number;
  seconds: number;
}): string {
  const { installation, trial, bytes, seconds } = parts;
  const { tensorflow, version, cuda, compiler } = installation;
  const place = trial.gpu ? `the GPU (CUDA ${cuda})` : 'the CPU';
  const made = compiler === null ? 'the published binary' : `compiled by ${compiler}`;
  return [
    `The cuda backend is installed: TensorFlow ${tensorflow} on ${place}, by tfjs-node-gpu ${version}.`,
    `It took ${seconds.toFixed(0)} s and ${(bytes / 1e6).toFixed(0)} MB in ${cudaHome()}; ${made}.`,
    'Use it: `dna run --preset … --set backend=cuda`.',
  ].join('\n');
}
