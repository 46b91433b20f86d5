import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandTools } from 'dna-nas/core';
import { sweepPartial } from 'dna-nas/files';
import {
  findCompiler,
  folderBytes,
  hasGpu,
  installRequires,
  requireFolder,
  requirePlatform,
  requireSpace,
  thisPlatform,
} from 'dna-nas/install';
import { buildFolder, buildInstallation } from './build-installation.js';
import { gpuPart } from './check-torch.js';
import { cleanUp } from './clean-up.js';
import { type CudaTools, findCudaTools } from './cuda-tools.js';
import { addonFailed } from './errors.js';
import { fetchTorch } from './fetch-torch.js';
import { type Installation, torchHome, writeInstallation } from './installation.js';
import { TORCH } from './torch.js';
import { openTorch, TORCH_VERSION, type TorchLibrary } from './torch-library.js';
import { type TorchTrial, tryInstallation } from './trial.js';

/** Options of `dna backend install torch`. */
export interface InstallOptions {
  /** Folder of an installed PyTorch. */
  readonly torch?: string;
  /** Whether to install the CUDA part; without a word, where there is a GPU. */
  readonly cuda?: boolean;
}

/** Of libtorch's compiled header and our objects, while they are made. */
const COMPILED_BYTES = 0.6e9;

/**
 * Downloads libtorch, compiles the addon, tries it and writes down that it is there. Each step is left out where it
 * was done before, so that the same command goes on with what was broken off.
 */
export async function installTorch(options: InstallOptions, tools: CommandTools): Promise<void> {
  const begun = performance.now();
  requirePlatform(TORCH, thisPlatform());
  const home = torchHome();
  requireFolder(TORCH, home);
  sweepPartial(home);
  const compiler = await findCompiler(TORCH);
  tools.note(`Installing into ${home} with ${compiler.name}.`);
  const wanted = options.cuda ?? hasGpu();
  const torch = await provideTorch(options, { home, cuda: wanted, tools });
  const cuda = wanted ? await provideCuda(torch, options, tools) : undefined;
  requireSpace(TORCH, home, COMPILED_BYTES);
  const folder = buildFolder(home);
  const told = (text: string) => tools.note(`  ${text}`);
  tools.note(`Compiling for this processor, with libtorch ${torch.version}.`);
  const { installation, built } = await buildInstallation({ folder, torch, compiler, cuda, told });
  const trial = await requireTrial(installation, tools);
  writeInstallation(installation, home);
  cleanUp(home, installation, built);
  const bytes = folderBytes(home);
  tools.print(summary({ installation, trial, bytes, seconds: (performance.now() - begun) / 1000 }));
}

async function provideTorch(
  { torch: given }: InstallOptions,
  { home, cuda, tools }: { home: string; cuda: boolean; tools: CommandTools },
): Promise<TorchLibrary> {
  if (given === undefined) {
    tools.note(`Getting libtorch ${TORCH_VERSION}${cuda ? ' with CUDA' : ' for the CPU'}.`);
    return fetchTorch({ home, cuda, told: (text) => tools.note(`  ${text}`) });
  }
  const torch = openTorch(resolve(tools.project, given));
  tools.note(`Using libtorch ${torch.version} in ${torch.folder}.`);
  if (torch.version !== TORCH_VERSION) tools.note(`  all is tested with ${TORCH_VERSION} alone`);
  return torch;
}

async function provideCuda(
  torch: TorchLibrary,
  { cuda: asked }: InstallOptions,
  tools: CommandTools,
): Promise<CudaTools | undefined> {
  const cuda = await findCudaTools(torch);
  if (cuda) {
    if (cuda.nvcc === undefined) tools.note(withoutKernels(cuda.version));
    return cuda;
  }
  const missing =
    torch.cuda === null
      ? 'this libtorch has no CUDA part'
      : `the headers of CUDA ${torch.cuda} are not found, neither beside libtorch nor beside nvcc`;
  if (!asked) {
    tools.note(`Without CUDA: ${missing}.`);
    return undefined;
  }
  throw installRequires(
    TORCH,
    missing,
    'Leave --torch out to have all of it downloaded, or install the CUDA toolkit and set CUDA_HOME.',
  );
}

function withoutKernels(version: string): string {
  const major = version.split('.')[0];
  return (
    `There is no nvcc of CUDA ${major}: without our own CUDA kernels, the GPU computes by libtorch's, slower. Leave ` +
    `--torch out, or install the CUDA toolkit ${version} and set CUDA_HOME, and run the command again.`
  );
}

/** What does not work is removed, so that the next installation makes it anew. */
async function requireTrial(
  installation: Installation,
  tools: CommandTools,
): Promise<TorchTrial & { works: true }> {
  tools.note(
    'Trying it in another process: a product of matrices, and each kernel of ours beside plain ops.',
  );
  const first = await tryInstallation(installation, 'cpu');
  if (!first.works) throw broken('cpu', first.reason);
  if (installation.cuda === null) return first;
  const second = await tryInstallation(installation, 'cuda');
  if (!second.works && second.fix === undefined) throw broken('cuda', second.reason);
  if (!second.works) tools.note(`Not tried on a GPU: it ${second.reason}. ${second.fix}`);
  return first;
}

function broken(device: string, reason: string) {
  rmSync(buildFolder(), { recursive: true, force: true });
  return addonFailed(device, reason);
}

function summary(parts: {
  installation: Installation;
  trial: TorchTrial & { works: true };
  bytes: number;
  seconds: number;
}): string {
  const { installation, trial, bytes, seconds } = parts;
  const { torch, cuda, compiler } = installation;
  const gpu = cuda === null ? '' : ` and a GPU (${gpuPart(installation)})`;
  return [
    `The torch backend is installed: libtorch ${torch} on the CPU (${trial.instructions}, ${trial.threads} threads at most)${gpu}.`,
    `It took ${seconds.toFixed(0)} s and ${(bytes / 1e6).toFixed(0)} MB in ${torchHome()}; compiled by ${compiler}.`,
    'Use it: `dna run --preset … --set backend=torch`.',
  ].join('\n');
}
