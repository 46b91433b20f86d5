import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether the machine has an NVIDIA GPU with its driver. */
export function hasGpu(): boolean {
  return existsSync('/dev/nvidia0') || existsSync('/dev/dxg');
}

/** nvcc of `$CUDA_HOME`, the path or the usual folder; undefined without one. */
export function findNvcc(): string | undefined {
  const { CUDA_HOME, PATH = '' } = process.env;
  const folders = [CUDA_HOME ? join(CUDA_HOME, 'bin') : '', ...PATH.split(delimiter), '/usr/local/cuda/bin'];
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, 'nvcc'))
    .find(existsSync);
}
