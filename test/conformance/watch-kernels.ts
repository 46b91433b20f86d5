import { tf } from 'dna-nas/nn';
import { KERNEL_NAMES, KERNEL_PREFIX, type KernelName } from 'dna-nas/nn/kernels';

export interface KernelWatch {
  /** Kernels of ours that the backend has. */
  readonly present: readonly KernelName[];
  /** Those of them that have run since the watch began, or was last cleared. */
  readonly ran: Set<KernelName>;
  /** Leaves the kernels as they were. */
  end(): void;
}

/** Notes which of our kernels run on the current backend. */
export function watchKernels(): KernelWatch {
  const backendName = tf.getBackend();
  const ran = new Set<KernelName>();
  const replace = (kernel: tf.KernelConfig): void => {
    tf.unregisterKernel(kernel.kernelName, backendName);
    tf.registerKernel(kernel);
  };
  const watched = KERNEL_NAMES.flatMap((name) => {
    const kernel = tf.getKernel(KERNEL_PREFIX + name, backendName);
    return kernel ? [{ name, kernel }] : [];
  });
  for (const { name, kernel } of watched) {
    const kernelFunc: tf.KernelFunc = (call) => {
      ran.add(name);
      return kernel.kernelFunc(call);
    };
    replace({ ...kernel, kernelFunc });
  }
  return {
    present: watched.map(({ name }) => name),
    ran,
    end: () => {
      for (const { kernel } of watched) replace(kernel);
    },
  };
}
