import { join } from 'node:path';
import { downloadWheels, fetchLibrary, readRequirements, wheelFiles } from 'dna-nas/install';
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

/** Downloads and unpacks TensorFlow, unless it is there. */
export async function fetchTensorflow({ home, cuda, told }: Fetch): Promise<TensorflowLibrary> {
  const site = await fetchLibrary({
    ...{ backend: CUDA, home, project: 'tensorflow', version: TENSORFLOW_VERSION, cuda, told },
    serves: (found) => found.cuda === cuda,
    bytes: cuda ? NEEDED.cuda : NEEDED.cpu,
    download: (folder) => download({ folder, cuda, told }),
    wanted: (wheel) => (wheel.startsWith('tensorflow') ? TENSORFLOW : NVIDIA),
  });
  return openTensorflow(join(site, 'tensorflow'));
}

async function download({ folder, cuda, told }: Omit<Fetch, 'home'> & { folder: string }): Promise<void> {
  const project = cuda ? 'tensorflow' : 'tensorflow-cpu';
  told(`downloading ${project} ${TENSORFLOW_VERSION} with pip (about ${cuda ? 600 : 270} MB)`);
  const wheel = { backend: CUDA, folder, told };
  const requirements = [`${project}==${TENSORFLOW_VERSION}`];
  await downloadWheels({ ...wheel, requirements, dependencies: false });
  if (!cuda) return;
  told('downloading CUDA’s libraries with pip (about 2.5 GB)');
  const libraries = cudaRequirements(await readRequirements(wheelFiles(folder, 'tensorflow')[0]!));
  await downloadWheels({ ...wheel, requirements: libraries, dependencies: false });
}

/** Of what TensorFlow's wheel requires, what it names for a GPU. */
export function cudaRequirements(required: readonly string[]): string[] {
  return required.flatMap((line) => {
    const [requirement = '', marker = ''] = line.split(';').map((part) => part.trim());
    return requirement.startsWith('nvidia-') && /extra == "and-cuda"/.test(marker) ? [requirement] : [];
  });
}
