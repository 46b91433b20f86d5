import type { MemoryShortage } from 'dna-nas/core/contracts';
import { counted, DnaError } from 'dna-nas/errors';
import type { BackendFault } from 'dna-nas/install';

/** A GPU was asked for, and there are some but not that one. */
export function deviceMissing(device: string, gpus: number): DnaError {
  return new DnaError(
    'DEVICE_MISSING',
    `The torch backend finds ${counted(gpus, 'GPU')}; "${device}" was asked for.`,
    `Choose one from cuda:0 to cuda:${gpus - 1}.`,
  );
}

/** A GPU was asked for, and the addon can use none here. */
export function gpuUnusable(device: string, { reason, fix }: BackendFault): DnaError {
  return new DnaError('DEVICE_MISSING', `The torch backend ${reason}; "${device}" was asked for.`, fix);
}

/** An op that has no form of the same bits at every run, where these are promised; `op` as libtorch names it. */
export function notDeterministic(op: string): DnaError {
  return new DnaError(
    'NOT_DETERMINISTIC',
    `${op} has no form on the GPU that gives the same bits at every run, which backend.deterministic promises.`,
    'Leave the op out, compute on the CPU (--set backend.device=cpu), or do without: --set backend.deterministic=false.',
  );
}

/** A precision that the device does not have. */
export function precisionNotOffered(precision: string, device: string): DnaError {
  return new DnaError(
    'PRECISION_NOT_OFFERED',
    `The torch backend has no ${precision} on the ${device}: it is a way in which GPUs multiply.`,
    'Choose --set backend.precision=float32 or bf16.',
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
export function outOfMemory({ wanted, used, limit }: MemoryShortage): DnaError {
  return new DnaError(
    'OUT_OF_MEMORY',
    `The torch backend is out of memory: ${megabytes(wanted)} were wanted while tensors hold ` +
      `${megabytes(used)}; it has ${megabytes(limit)} in all.`,
    'Use a smaller batch.',
    { cause: { wanted, used, limit } satisfies MemoryShortage },
  );
}

/** tfjs types that tensors of this backend cannot have. */
export function typeNotOffered(dtype: string): DnaError {
  return new DnaError(
    'DTYPE_NOT_OFFERED',
    `The torch backend holds float32, int32 and bool tensors, not ${dtype}.`,
    'Compute this part on the cpu backend, or split complex numbers into real and imaginary parts.',
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 3 : 0)} MB`;
}
