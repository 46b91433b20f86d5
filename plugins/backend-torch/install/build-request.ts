import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Compiler } from './compiler.js';
import { NATIVE } from './native-sources.js';
import type { TorchLibrary } from './torch-library.js';

/** What is compiled with what, and where to. */
export interface BuildRequest {
  /** Keeps objects between builds, so that only what has changed is compiled. */
  readonly folder: string;
  readonly torch: TorchLibrary;
  readonly compiler: Compiler;
  /** Compiler of our CUDA kernels; without one the addon is built without them. */
  readonly nvcc?: string | undefined;
  /** Whether to link libtorch's CUDA part. Default: where it is. */
  readonly cuda?: boolean;
  /** Added to ours, say `-Werror`. */
  readonly flags?: readonly string[];
  /** With AddressSanitizer and UndefinedBehaviorSanitizer, for the C++ tests. */
  readonly sanitise?: boolean;
  /** Folder of sources. Default: the package's. */
  readonly native?: string;
  /** Is told how far it is. */
  readonly told?: (text: string) => void;
}

const NODE_API = 8;

/** Whether the addon has a CUDA part. */
export function usesCuda({ cuda, torch }: BuildRequest): boolean {
  return (cuda ?? true) && torch.cuda !== null;
}

/** Whether our own CUDA kernels are in it. */
export function usesKernels(request: BuildRequest): boolean {
  return usesCuda(request) && request.nvcc !== undefined;
}

/** `DNA_CUDA` and `DNA_CUDA_KERNELS` tell the sources what they are linked with. */
function definitions(request: BuildRequest): string[] {
  return [
    `-DNAPI_VERSION=${NODE_API}`,
    '-DNODE_GYP_MODULE_NAME=dna_torch',
    ...(usesCuda(request) ? ['-DDNA_CUDA'] : []),
    ...(usesKernels(request) ? ['-DDNA_CUDA_KERNELS'] : []),
  ];
}

function includes({ native = NATIVE, torch }: BuildRequest): string[] {
  const foreign = [nodeHeaders(), ...torch.includes];
  return ['-I', native, ...foreign.flatMap((folder) => ['-isystem', folder])];
}

function nodeHeaders(): string {
  const manifest = createRequire(import.meta.url).resolve('node-api-headers/package.json');
  return join(dirname(manifest), 'include');
}

/** Flags that decide the code of the addon, apart from what depends on folders. */
export const CODE_FLAGS = ['-std=c++17', '-O3', '-march=native', '-fopenmp', '-fPIC', '-Wall', '-Wextra'];

const SANITISERS = ['-fsanitize=address,undefined'];
const SANITISED = [...SANITISERS, '-O1', '-g', '-fno-omit-frame-pointer'];

/** Words for g++ to compile one source. */
export function compileWords(request: BuildRequest): string[] {
  const { flags = [], sanitise = false } = request;
  const chosen = [...CODE_FLAGS, ...(sanitise ? SANITISED : []), ...flags];
  return [...chosen, ...definitions(request), ...includes(request)];
}

/** Words for nvcc to compile one source: for the GPU that is here, else for the usual ones from 2020 on. */
export function kernelWords(request: BuildRequest, hasGpu: boolean): string[] {
  const virtual = '-gencode=arch=compute_80,code=sm_80 -gencode=arch=compute_90,code=[sm_90,compute_90]';
  const architectures = hasGpu ? ['-arch=native'] : virtual.split(' ');
  const words = [
    '-std=c++17',
    '-O3',
    ...architectures,
    '-Xcompiler',
    '-fPIC',
    '-ccbin',
    request.compiler.command,
  ];
  return [...words, ...definitions(request), ...includes(request)];
}

/** Words for g++ to link objects with libtorch; its folder is written into the file. */
export function linkWords(request: BuildRequest): string[] {
  const { torch, sanitise = false } = request;
  const lib = join(torch.folder, 'lib');
  const cuda = usesCuda(request) ? ['-ltorch_cuda', '-lc10_cuda'] : [];
  return [
    ...(sanitise ? SANITISERS : []),
    ...['-L', lib, '-Wl,--disable-new-dtags', `-Wl,-rpath,${lib}`],
    // libtorch_cuda registers its operations as it is loaded; nothing of it is called by name.
    ...['-Wl,--no-as-needed', '-ltorch_cpu', '-lc10', ...cuda],
    torch.openmp === undefined ? '-fopenmp' : `-l:${torch.openmp}`,
  ];
}
