import { KERNEL_PREFIX, type KernelName } from 'dna-nas/nn';
import {
  type KernelCall,
  type KernelResult,
  type TorchKernel,
  torchKernel,
  torchListKernel,
} from '../../torch-kernel.js';

/** Declares one of our named kernels (`nn/kernels.ts` has their contracts). */
export function namedKernel<Attributes>(
  name: KernelName,
  run: (call: KernelCall<Attributes>) => KernelResult,
): TorchKernel {
  return torchKernel(KERNEL_PREFIX + name, run);
}

/** Declares a named kernel of several outputs. */
export function namedListKernel<Attributes>(
  name: KernelName,
  run: (call: KernelCall<Attributes>) => KernelResult,
): TorchKernel {
  return torchListKernel(KERNEL_PREFIX + name, run);
}
