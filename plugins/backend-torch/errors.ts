import { DnaError } from 'dna-nas/core';

/** The backend was chosen but is not on this machine. */
export function backendNotInstalled(): DnaError {
  return new DnaError(
    'BACKEND_NOT_INSTALLED',
    'The torch backend is not installed on this machine.',
    'Run `dna backend install torch`, or choose another: --set backend=wasm.',
  );
}

/** Its addon is there but cannot be loaded. */
export function installationUnusable(addon: string, cause: unknown): DnaError {
  return new DnaError(
    'BACKEND_UNUSABLE',
    `The torch backend's addon does not load (${addon}): ${firstLine(cause)}`,
    'Run `dna backend install torch` again, which compiles it anew for this machine.',
  );
}

/** A tfjs kernel that this backend lacks. */
export function kernelMissing(kernel: string): DnaError {
  return new DnaError(
    'KERNEL_MISSING',
    `The torch backend has no kernel "${kernel}".`,
    'Compose the op of others, or register a kernel of that name for the backend "torch" with tf.registerKernel.',
  );
}

/** Memory that the machine or the limit does not have. */
export function outOfMemory(memory: { wanted: number; used: number; limit: number }): DnaError {
  return new DnaError(
    'OUT_OF_MEMORY',
    `The torch backend is out of memory: ${megabytes(memory.wanted)} were wanted while tensors hold ` +
      `${megabytes(memory.used)}; it has ${megabytes(memory.limit)} in all.`,
    'Use a smaller batch.',
  );
}

/** tfjs types that tensors of this backend cannot have. */
export function typeNotOffered(dtype: string): DnaError {
  return new DnaError(
    'DTYPE_NOT_OFFERED',
    `The torch backend holds float32, int32, bool and string tensors, not ${dtype}.`,
    'Split complex numbers into real and imaginary parts, or compute this part on the cpu backend.',
  );
}

function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).split('\n')[0]!;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 3 : 0)} MB`;
}
