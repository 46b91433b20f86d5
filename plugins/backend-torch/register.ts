import { tf } from 'dna-nas/nn';
import { TORCH_KERNELS } from './kernels/index.js';
import type { Handle } from './native-ops.js';
import type { BackendSettings, TorchBackend } from './torch-backend.js';
import type { KernelCall, Needs, TorchKernel } from './torch-kernel.js';

export const BACKEND = 'torch';

const registered = new WeakSet<object>();

/**
 * Registers the kernels that this backend can run; again is a no-op.
 * @param cudaKernels Whether ours for a GPU are compiled in: without them an op is composed of libtorch's.
 * @throws Error where someone else has registered one under the same name, which tfjs would only warn of.
 */
export function registerTorchKernels({ device, precision }: BackendSettings, cudaKernels: boolean): void {
  const has: Readonly<Record<Needs, boolean>> = {
    'float32 on the CPU': device === 'cpu' && precision === 'float32',
    'our kernels': device === 'cpu' || cudaKernels,
  };
  for (const kernel of TORCH_KERNELS) {
    if (kernel.needs && !has[kernel.needs]) continue;
    const existing = tf.getKernel(kernel.name, BACKEND);
    if (existing && registered.has(existing)) continue;
    if (existing) {
      throw new Error(
        `The kernel "${kernel.name}" is already registered for the torch backend by other code. Load that code ` +
          'without it, or a second copy of dna-nas only once.',
      );
    }
    const config = kernelConfig(kernel);
    registered.add(config);
    tf.registerKernel(config);
  }
}

function kernelConfig(kernel: TorchKernel): tf.KernelConfig {
  return {
    kernelName: kernel.name,
    backendName: BACKEND,
    kernelFunc: ({ inputs, backend, attrs }) =>
      runKernel(kernel, inputs as Record<string, tf.TensorInfo>, attrs, backend as TorchBackend),
  };
}

/** Small ops take as long as what stands here: one object and two functions a call. */
function runKernel(
  kernel: TorchKernel,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attributes: tf.NamedAttrMap | undefined,
  backend: TorchBackend,
): tf.TensorInfo | tf.TensorInfo[] {
  const call: KernelCall = {
    inputs,
    attributes: attributes as Record<string, unknown>,
    backend,
    ops: backend.native.ops,
    tensor: (name) => backend.handle(requireInput(kernel.name, inputs, name)) as Handle<typeof name>,
  };
  const results = backend.run(() => kernel.run(call));
  return kernel.list ? results : results[0]!;
}

function requireInput(
  kernel: string,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  name: string,
): tf.TensorInfo {
  const input = inputs[name];
  if (input) return input;
  const given = Object.keys(inputs).join(', ') || 'none';
  throw new Error(`The kernel ${kernel} misses its input "${name}"; it was given: ${given}.`);
}
