import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runTool } from 'dna-nas/install';
import type { TorchLibrary } from './torch-library.js';

/** What the CUDA part of the addon is compiled and linked with. */
export interface CudaTools {
  /** CUDA's version, which is libtorch's. */
  readonly version: string;
  /** Compiler of our own kernels; without one the addon is built without them. */
  readonly nvcc: string | undefined;
  /** GPUs that they are compiled for: `sm_75`, …, and `compute_100`, which newer ones translate; none without nvcc. */
  readonly architectures: readonly string[];
  /** Folders of CUDA's headers. */
  readonly includes: readonly string[];
  /** File of CUDA's runtime library. */
  readonly runtime: string;
}

/** Undefined where libtorch has no CUDA part, or where CUDA's headers or runtime library are not found. */
export async function findCudaTools(torch: TorchLibrary): Promise<CudaTools | undefined> {
  const { cuda: version, folder } = torch;
  if (version === null) return undefined;
  const nvidia = subfolders(join(dirname(folder), 'nvidia'));
  const nvcc = await findNvcc(version, nvidia);
  const toolkits = [...nvidia, ...(nvcc === undefined ? [] : [dirname(dirname(realpathSync(nvcc)))])];
  const includes = toolkits.map((toolkit) => join(toolkit, 'include')).filter(existsSync);
  const runtime = findRuntime(version, [folder, ...toolkits]);
  const complete = ['cuda_runtime_api.h', 'crt/host_defines.h'].every((header) =>
    includes.some((include) => existsSync(join(include, header))),
  );
  if (runtime === undefined || !complete) return undefined;
  const architectures = nvcc === undefined ? [] : await architecturesOf(nvcc);
  return { version, nvcc, architectures, includes, runtime };
}

/** Turing, Ampere, Ada, Hopper and Blackwell; those between them and newer ones run what is there for one of these. */
const ARCHITECTURES = ['75', '80', '86', '89', '90', '100'];

/**
 * What our kernels are compiled for: one installation serves all machines that share it, whatever GPU each has.
 * An nvcc compiles for those that it knows, and leaves the newest in a form that drivers translate for GPUs to come.
 */
async function architecturesOf(nvcc: string): Promise<string[]> {
  const told = await runTool(nvcc, ['--list-gpu-code']);
  const known = new Set(told?.output.match(/\bsm_\d+\b/g) ?? []);
  const machines = ARCHITECTURES.filter((digits) => known.has(`sm_${digits}`));
  return [
    ...machines.map((digits) => `sm_${digits}`),
    ...machines.slice(-1).map((digits) => `compute_${digits}`),
  ];
}

function subfolders(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => join(folder, name))
    : [];
}

/** Of CUDA's version: what another one compiles need not link. */
async function findNvcc(version: string, nvidia: readonly string[]): Promise<string | undefined> {
  const { CUDA_HOME, PATH = '' } = process.env;
  const toolkits = [...nvidia, ...(CUDA_HOME ? [CUDA_HOME] : [])].map((folder) => join(folder, 'bin'));
  const folders = [...toolkits, ...PATH.split(delimiter).filter(Boolean), '/usr/local/cuda/bin'];
  for (const nvcc of new Set(folders.map((folder) => join(folder, 'nvcc')).filter(existsSync))) {
    const told = await runTool(nvcc, ['--version']);
    const [, major] = /release (\d+)\./.exec(told?.output ?? '') ?? [];
    if (major === version.split('.')[0]) return nvcc;
  }
  return undefined;
}

function findRuntime(version: string, folders: readonly string[]): string | undefined {
  const name = `libcudart.so.${version.split('.')[0]}`;
  const places = folders.flatMap((folder) => [join(folder, 'lib', name), join(folder, 'lib64', name)]);
  return places.find(existsSync);
}
