import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  downloadWheels,
  folderBytes,
  nodeFiles,
  partial,
  readRequirements,
  requirePip,
  requireSpace,
  unpackWheel,
  wheelFiles,
  writeAtomically,
} from 'dna-nas/core';
import { CUDA } from './cuda.js';
import { openTensorflow, TENSORFLOW_VERSION, type TensorflowLibrary } from './tensorflow-library.js';

export interface Fetch {
  /** The backend's folder. */
  readonly home: string;
  /** Whether CUDA's libraries are wanted too. */
  readonly cuda: boolean;
  readonly told: (text: string) => void;
}

/** What is unpacked of the wheels: the C headers and the libraries that are linked, not Python's part. */
const TENSORFLOW = new RegExp(
  [
    '^tensorflow/include/(absl/|tsl/|tensorflow/c/|tensorflow/core/platform/ctstring|tensorflow/core/common_runtime/next_pluggable_device/c/|xla/tsl/c/)',
    '^tensorflow/libtensorflow_(cc|framework)\\.so',
    '^tensorflow/python/platform/build_info\\.py$',
    '\\.dist-info/METADATA$',
  ].join('|'),
);
const NVIDIA = /^nvidia\/(.*\/lib\/[^/]*\.so|cuda_nvcc\/(bin|nvvm)\/)/;

/** Bytes that download and unpacked files take together at most. */
const NEEDED = { cpu: 1.3e9, cuda: 9e9 };

/** Libraries as pip lays them out, from which TensorFlow finds CUDA's by itself. */
const site = (home: string) => join(home, 'site');
const MARKER = 'wheels.json';

/** Downloads and unpacks TensorFlow, unless it is there. */
export async function fetchTensorflow({ home, cuda, told }: Fetch): Promise<TensorflowLibrary> {
  if (isComplete(home, cuda)) {
    told(`TensorFlow ${TENSORFLOW_VERSION} is there already`);
    return openTensorflow(join(site(home), 'tensorflow'));
  }
  await requirePip(CUDA);
  requireSpace(CUDA, home, cuda ? NEEDED.cuda : NEEDED.cpu);
  const folder = join(home, 'downloads');
  await download({ folder, cuda, told });
  await unpack({ home, folder, cuda, told });
  rmSync(folder, { recursive: true, force: true });
  return openTensorflow(join(site(home), 'tensorflow'));
}

function isComplete(home: string, cuda: boolean): boolean {
  try {
    const found = JSON.parse(readFileSync(join(site(home), MARKER), 'utf8')) as {
      tensorflow: string;
      cuda: boolean;
    };
    return found.tensorflow === TENSORFLOW_VERSION && found.cuda === cuda;
  } catch {
    return false;
  }
}

async function download({ folder, cuda, told }: Omit<Fetch, 'home'> & { folder: string }): Promise<void> {
  const begun = performance.now();
  const project = cuda ? 'tensorflow' : 'tensorflow-cpu';
  told(`downloading ${project} ${TENSORFLOW_VERSION} with pip (about ${cuda ? 600 : 270} MB)`);
  const wheel = { backend: CUDA, folder, told };
  const requirements = [`${project}==${TENSORFLOW_VERSION}`];
  await downloadWheels({ ...wheel, requirements, dependencies: false });
  if (cuda) {
    told('downloading CUDA’s libraries with pip (about 2.5 GB)');
    const libraries = cudaRequirements(await readRequirements(wheelFiles(folder, 'tensorflow')[0]!));
    await downloadWheels({ ...wheel, requirements: libraries, dependencies: false });
  }
  told(`${(folderBytes(folder) / 1e6).toFixed(0)} MB in ${seconds(begun)}`);
}

/** Of what TensorFlow's wheel requires, what it names for a GPU. */
export function cudaRequirements(required: readonly string[]): string[] {
  return required.flatMap((line) => {
    const [requirement = '', marker = ''] = line.split(';').map((part) => part.trim());
    return requirement.startsWith('nvidia-') && /extra == "and-cuda"/.test(marker) ? [requirement] : [];
  });
}

async function unpack({ home, folder, cuda, told }: Fetch & { folder: string }): Promise<void> {
  const begun = performance.now();
  const target = partial(site(home));
  const wheels = wheelFiles(folder);
  for (const wheel of wheels) {
    await unpackWheel(wheel, target, basename(wheel).startsWith('tensorflow') ? TENSORFLOW : NVIDIA);
  }
  const names = wheels.map((wheel) => basename(wheel));
  const marker = { tensorflow: TENSORFLOW_VERSION, cuda, wheels: names };
  writeAtomically(nodeFiles, join(target, MARKER), Buffer.from(`${JSON.stringify(marker, null, 2)}\n`));
  replaceFolder(site(home), target);
  told(`unpacked ${(folderBytes(site(home)) / 1e6).toFixed(0)} MB in ${seconds(begun)}`);
}

/** Puts a folder that was made beside it in the place of another. */
export function replaceFolder(folder: string, made: string): void {
  const old = partial(`${folder}-old`);
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(made, folder);
  rmSync(old, { recursive: true, force: true });
}

function seconds(begun: number): string {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`;
}
