import { dirname, join } from 'node:path';
import { type Compiler, NODE_API, nodeHeaders } from 'dna-nas/install';
import type { CudaTools } from './cuda-tools.js';
import { CODE_FLAGS, NATIVE } from './native-sources.js';
import type { TorchLibrary } from './torch-library.js';

/** What is compiled with what, and where to. */
export interface BuildRequest {
  /** Keeps objects between builds, so that only what has changed is compiled. */
  readonly folder: string;
  readonly torch: TorchLibrary;
  readonly compiler: Compiler;
  /** Without them the addon computes on the CPU alone. */
  readonly cuda?: CudaTools | undefined;
  /** Added to ours, say `-Werror`. */
  readonly flags?: readonly string[];
  /** With AddressSanitizer and UndefinedBehaviorSanitizer, for tests. */
  readonly sanitise?: boolean;
  /** Folders of sources. @default the package's */
  readonly native?: readonly string[];
  /** Is told how far it is. */
  readonly told?: (text: string) => void;
}

const SANITISERS = ['-fsanitize=address,undefined'];
const SANITISED = [...SANITISERS, '-O1', '-g', '-fno-omit-frame-pointer'];

/** Words for g++ to compile one source. */
export function compileWords(request: BuildRequest): string[] {
  const { flags = [], sanitise = false } = request;
  const chosen = [...CODE_FLAGS, ...(sanitise ? SANITISED : []), ...flags];
  return [...chosen, ...definitions(request), ...includes(request)];
}

/** Words for nvcc to compile one source for every architecture of the request. */
export function kernelWords(request: BuildRequest): string[] {
  const gpus = (request.cuda?.architectures ?? []).map(
    (architecture) => `-gencode=arch=compute_${architecture.split('_')[1]},code=${architecture}`,
  );
  const chosen = ['-std=c++17', '-O3', ...gpus, '-Xcompiler=-fPIC', '-ccbin', request.compiler.command];
  return [...chosen, ...definitions(request), ...includes(request)];
}

/** Words for g++ to link objects with libtorch; its folder is written into the file. */
export function linkWords({ torch, cuda, sanitise = false }: BuildRequest): string[] {
  const lib = join(torch.folder, 'lib');
  return [
    ...(sanitise ? SANITISERS : []),
    ...['-L', lib, '-Wl,--disable-new-dtags', `-Wl,-rpath,${lib}`],
    // libtorch_cuda registers its operations as it is loaded; nothing of it is called by name.
    ...['-Wl,--no-as-needed', '-ltorch_cpu', '-lc10'],
    ...(cuda ? ['-ltorch_cuda', '-lc10_cuda', cuda.runtime, `-Wl,-rpath,${dirname(cuda.runtime)}`] : []),
    torch.openmp === undefined ? '-fopenmp' : `-l:${torch.openmp}`,
  ];
}

/** `DNA_CUDA` and `DNA_CUDA_KERNELS` tell the sources what they are linked with. */
function definitions({ cuda }: BuildRequest): string[] {
  return [
    `-DNAPI_VERSION=${NODE_API}`,
    '-DNODE_GYP_MODULE_NAME=dna_torch',
    ...(cuda ? ['-DDNA_CUDA'] : []),
    ...(cuda?.nvcc === undefined ? [] : ['-DDNA_CUDA_KERNELS']),
  ];
}

function includes({ native = NATIVE, torch, cuda }: BuildRequest): string[] {
  const foreign = [nodeHeaders(), ...torch.includes, ...(cuda?.includes ?? [])];
  return [
    ...native.flatMap((folder) => ['-I', folder]),
    ...foreign.flatMap((folder) => ['-isystem', folder]),
  ];
}
