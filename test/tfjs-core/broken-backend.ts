import '@tensorflow/tfjs-backend-cpu';
import { DnaError } from 'dna-nas/errors';
import { tf } from 'dna-nas/nn';

/** What is wrong with each kernel; the others are tfjs's own for the cpu. */
const FAULTS: Readonly<Record<string, tf.KernelFunc>> = {
  Abs: ({ inputs }) => tf.engine().makeTensor(new Float32Array([7]), [1], inputs.x!.dtype),
  Sqrt: ({ inputs }) => tf.engine().makeTensor(new Float32Array([1, Infinity]), [2], inputs.x!.dtype),
  Ceil: () => process.abort(),
  Floor: () => {
    for (;;);
  },
};
const NOT_REGISTERED = 'Neg';
/** Registered to say that they are missing. */
const PLACEHOLDERS = ['Tan', 'FFT'];

/** A backend to try the harness on: it computes wrongly, dies, hangs, and has no kernel for negation. */
export async function startBrokenBackend(options?: { readonly fail: string }): Promise<void> {
  if (options) throw new Error(options.fail);
  tf.registerBackend('broken', tf.findBackendFactory('cpu'));
  tf.copyRegisteredKernels('cpu', 'broken');
  tf.unregisterKernel(NOT_REGISTERED, 'broken');
  for (const [name, kernel] of Object.entries(FAULTS)) replaceKernel(name, withInput(kernel));
  for (const name of PLACEHOLDERS) replaceKernel(name, sayMissing);
  await tf.setBackend('broken');
}

function replaceKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  tf.unregisterKernel(kernelName, 'broken');
  tf.registerKernel({ kernelName, backendName: 'broken', kernelFunc });
}

function sayMissing(): never {
  throw new DnaError('KERNEL_MISSING', 'There is no such kernel.');
}

function withInput(run: tf.KernelFunc): tf.KernelFunc {
  return (call) => {
    if (!call.inputs.x) throw new Error('There is no input.');
    return run(call);
  };
}
