import { tf } from 'dna-nas/nn';
import { kernelMissing } from '../errors.js';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

/** tfjs asks whether this one is registered, and does without where it is not. */
const OPTIONAL: readonly string[] = ['FromPixels'];

/** tfjs-core exports the name of each of its kernels under that name. */
const KERNEL_NAMES = Object.entries(tf)
  .filter(([name, value]) => value === name && !OPTIONAL.includes(name))
  .map(([name]) => name);

/** For every kernel of tfjs-core that is not among these, one that throws what is missing. */
export function missingKernels(kernels: readonly TorchKernel[]): readonly TorchKernel[] {
  const names = new Set(kernels.map(({ name }) => name));
  return KERNEL_NAMES.filter((name) => !names.has(name)).map((name) =>
    torchKernel(name, () => {
      throw kernelMissing(name);
    }),
  );
}
