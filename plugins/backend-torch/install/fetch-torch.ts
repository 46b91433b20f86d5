import { basename, join } from 'node:path';
import { downloadWheels, fetchLibrary, installRequires, readRequirements, wheelFiles } from 'dna-nas/install';
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

/** Downloads and unpacks libtorch, unless it is there. */
export async function fetchTorch({ home, cuda, told }: Fetch): Promise<TorchLibrary> {
  const wanted = cuda ? WANTED.cuda : WANTED.cpu;
  const site = await fetchLibrary({
    ...{ backend: TORCH, home, project: 'torch', version: TORCH_VERSION, cuda, told },
    serves: (found) => found.cuda || !cuda,
    bytes: cuda ? NEEDED.cuda : NEEDED.cpu,
    download: (folder) => download({ folder, cuda, told }),
    wanted: (wheel) => (wheel.startsWith('torch-') ? wanted.torch : wanted.nvidia),
  });
  return openTorch(join(site, 'torch'));
}

async function download({ folder, cuda, told }: Omit<Fetch, 'home'> & { folder: string }): Promise<void> {
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
