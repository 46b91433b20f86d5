import '@tensorflow/tfjs-backend-cpu';
import { tf } from 'dna-nas/nn';

/** What is wrong with each kernel; the others are tfjs's own for the cpu. */
const FAULTS: Readonly<Record<string, tf.KernelFunc>> = {
  Abs: ({ inputs }) => tf.engine().makeTensor(new Float32Array([7]), [1], inputs.x!.dtype),
  Ceil: () => process.abort(),
  Floor: () => {
    for (;;);
  },
};
const NOT_REGISTERED = 'Neg';

/** A backend to try the harness on: it computes wrongly, dies, hangs, and has no kernel for negation. */
export async function startBrokenBackend(options?: { readonly fail: string }): Promise<void> {
  if (options) throw new Error(options.fail);
  tf.registerBackend('broken', tf.findBackendFactory('cpu'));
  tf.copyRegisteredKernels('cpu', 'broken');
  tf.unregisterKernel(NOT_REGISTERED, 'broken');
  for (const [kernelName, kernelFunc] of Object.entries(FAULTS)) {
    tf.unregisterKernel(kernelName, 'broken');
    tf.registerKernel({ kernelName, backendName: 'broken', kernelFunc });
  }
  await tf.setBackend('broken');
}
