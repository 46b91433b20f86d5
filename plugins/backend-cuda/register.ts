import { tf } from 'dna-nas/nn';
import type { CudaBackend } from './cuda-backend.js';
import { type CudaKernel, KernelCall } from './cuda-kernel.js';
import { CUDA_KERNELS } from './kernels/index.js';

/** The name that the package registers its kernels under. */
export const BACKEND = 'tensorflow';

/** Registers our named kernels; once a thread. */
export function registerCudaKernels(): void {
  for (const kernel of CUDA_KERNELS) tf.registerKernel(kernelConfig(kernel));
}

function kernelConfig(kernel: CudaKernel): tf.KernelConfig {
  return {
    kernelName: kernel.name,
    backendName: BACKEND,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const call = new KernelCall(
        backend as unknown as CudaBackend,
        inputs as Record<string, tf.TensorInfo>,
        attrs as never,
      );
      try {
        const results = call.finish(kernel.run(call));
        return kernel.list ? results : results[0]!;
      } catch (error) {
        call.abandon();
        throw error;
      }
    },
  };
}
