import { tf } from 'dna-nas/nn';
import type { CudaBackend } from './cuda-backend.js';
import type { CudaKernel } from './cuda-kernel.js';
import { CUDA_KERNELS, OWN_KERNELS } from './kernels/index.js';
import { hasOwnOps } from './kernels/own-ops.js';

/** The name that the package registers its kernels under. */
export const BACKEND = 'tensorflow';

/** Registers our named kernels, those of them that this backend has; once a thread. */
export function registerCudaKernels(backend: CudaBackend): void {
  const kernels = hasOwnOps({ backend }) ? [...CUDA_KERNELS, ...OWN_KERNELS] : CUDA_KERNELS;
  for (const kernel of kernels) tf.registerKernel(kernelConfig(kernel));
}

function kernelConfig(kernel: CudaKernel): tf.KernelConfig {
  return {
    kernelName: kernel.name,
    backendName: BACKEND,
    kernelFunc: ({ inputs, backend, attrs }) =>
      kernel.run(backend as unknown as CudaBackend, inputs as Record<string, tf.TensorInfo>, attrs),
  };
}
