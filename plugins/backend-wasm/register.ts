import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { tf } from 'dna-nas/nn';
import { KernelMemory } from './kernel-memory.js';
import { WASM_OPS } from './ops/index.js';
import type { WasmOp } from './wasm-op.js';

const BACKEND = 'wasm';

const memories = new WeakMap<object, KernelMemory>();
const registered = new WeakSet<object>();

/**
 * Registers our kernels on tfjs's wasm backend; again is a no-op. Call it before `setBackend`, which runs the kernels'
 * set-up. Throws where someone else has registered a kernel under one of the names: tfjs would only warn.
 */
export function registerWasmKernels(): void {
  for (const op of WASM_OPS) {
    const existing = tf.getKernel(op.name, BACKEND);
    if (existing && registered.has(existing)) continue;
    if (existing && op.replaces) tf.unregisterKernel(op.name, BACKEND);
    else if (existing) {
      throw new Error(
        `The kernel "${op.name}" is already registered for the wasm backend by other code. Load that code without ` +
          'its wasm kernels, or a second copy of dna-nas only once.',
      );
    }
    const config = kernelConfig(op);
    registered.add(config);
    tf.registerKernel(config);
  }
}

function kernelConfig(op: WasmOp): tf.KernelConfig {
  return {
    kernelName: op.name,
    backendName: BACKEND,
    setupFunc: (backend) => void memoryOf(backend as BackendWasm),
    kernelFunc: ({ inputs, backend, attrs }) => {
      const memory = memoryOf(backend as BackendWasm);
      const call = { inputs: inputs as Record<string, tf.TensorInfo>, attributes: attrs ?? {}, memory };
      return memory.run(() => op.run(call));
    },
  };
}

/** One instance of the kernels a backend, though `setBackend` runs every set-up again. */
function memoryOf(backend: BackendWasm): KernelMemory {
  let memory = memories.get(backend);
  if (!memory) {
    memory = new KernelMemory(backend);
    memories.set(backend, memory);
  }
  return memory;
}
