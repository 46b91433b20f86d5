import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  downloadWheels,
  folderBytes,
  installRequires,
  nodeFiles,
  partial,
  readRequirements,
  requirePip,
  requireSpace,
  unpackWheel,
  wheelFiles,
  writeAtomically,
} from 'dna-nas/core';
import { cudaRequirements } from './cuda-requirements.js';
import { TORCH } from './torch.js';
import { openTorch, TORCH_VERSION, type TorchLibrary } from './torch-library.js';

export interface Fetch {
  /** The backend's folder. */
  readonly home: string;
  /** Whether CUDA's libraries are wanted too. */
  readonly cuda: boolean;
  readonly told: (text: string) => void;
}

/** What is unpacked of the wheels: headers and the libraries that are linked, not Python's part. */
const WANTED = {
  cpu: {
    torch: /^torch\/(include\/|version\.py$|lib\/lib(c10|torch_cpu|gomp[^/]*)\.so)/,
    // libtorch_cpu.so was linked with these two and does not load without them.
    nvidia: /^nvidia\/.*\/lib\/lib(cudart|cupti)\.so/,
  },
  cuda: {
    torch: /^torch\/(include\/|version\.py$|lib\/(?!libtorch_python|libshm)[^/]*\.so)/,
    nvidia: /^nvidia\/(?!.*\.(a|py)$)/,
  },
};

/** Bytes that download, unpacked files, compiled header and objects take together at most. */
const NEEDED = { cpu: 1.7e9, cuda: 7.5e9 };

/** Libraries as pip lays them out, from which `libtorch_cpu.so` finds CUDA's by itself. */
const site = (home: string) => join(home, 'site');
const MARKER = 'wheels.json';

/** Downloads and unpacks libtorch, unless it is there. */
export async function fetchTorch({ home, cuda, told }: Fetch): Promise<TorchLibrary> {
  if (isComplete(home, cuda)) {
    told(`libtorch ${TORCH_VERSION} is there already`);
    return openTorch(join(site(home), 'torch'));
  }
  await requirePip(TORCH);
  requireSpace(TORCH, home, cuda ? NEEDED.cuda : NEEDED.cpu);
  const folder = join(home, 'downloads');
  await download({ folder, cuda, told });
  await unpack({ home, folder, cuda, told });
  rmSync(folder, { recursive: true, force: true });
  return openTorch(join(site(home), 'torch'));
}

function isComplete(home: string, cuda: boolean): boolean {
  try {
    const found = JSON.parse(readFileSync(join(site(home), MARKER), 'utf8')) as {
      torch: string;
      cuda: boolean;
    };
    return found.torch === TORCH_VERSION && (found.cuda || !cuda);
  } catch {
    return false;
  }
}

async function download({ folder, cuda, told }: Omit<Fetch, 'home'> & { folder: string }): Promise<void> {
  const begun = performance.now();
  told(`downloading torch ${TORCH_VERSION} with pip (about 530 MB)`);
  const torch = [`torch==${TORCH_VERSION}`];
  await downloadWheels({ backend: TORCH, requirements: torch, folder, dependencies: false, told });
  const requirements = cudaRequirements(await readRequirements(torchWheel(folder)), cuda);
  if (cuda && requirements.length === 0) throw withoutCuda(basename(torchWheel(folder)));
  if (requirements.length > 0) {
    told(
      cuda
        ? 'downloading CUDA’s libraries with pip (about 2.1 GB)'
        : 'downloading two CUDA libraries that it loads',
    );
    await downloadWheels({ backend: TORCH, requirements, folder, dependencies: true, told });
  }
  told(`${(folderBytes(folder) / 1e6).toFixed(0)} MB in ${seconds(begun)}`);
}

function torchWheel(folder: string): string {
  return wheelFiles(folder, 'torch-')[0]!;
}

function withoutCuda(wheel: string) {
  return installRequires(
    TORCH,
    `pip’s configuration leads to a PyTorch without CUDA (${wheel})`,
    'Correct the index that `python3 -m pip config list` shows, or install for the CPU alone: --no-cuda.',
  );
}

async function unpack({ home, folder, cuda, told }: Fetch & { folder: string }): Promise<void> {
  const begun = performance.now();
  const wanted = cuda ? WANTED.cuda : WANTED.cpu;
  const target = partial(site(home));
  const wheels = wheelFiles(folder);
  for (const wheel of wheels) {
    const isTorch = basename(wheel).startsWith('torch-');
    await unpackWheel(wheel, target, isTorch ? wanted.torch : wanted.nvidia);
  }
  const marker = { torch: TORCH_VERSION, cuda, wheels: wheels.map((wheel) => basename(wheel)) };
  writeAtomically(nodeFiles, join(target, MARKER), Buffer.from(`${JSON.stringify(marker, null, 2)}\n`));
  replaceFolder(site(home), target);
  told(`unpacked ${(folderBytes(site(home)) / 1e6).toFixed(0)} MB in ${seconds(begun)}`);
}

function replaceFolder(folder: string, made: string): void {
  const old = partial(`${folder}-old`);
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(made, folder);
  rmSync(old, { recursive: true, force: true });
}

function seconds(begun: number): string {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`;
}
