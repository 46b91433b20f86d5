import { definePlugin, packageVersion } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { startWasmBackend } from './start-wasm-backend.js';

export { startWasmBackend } from './start-wasm-backend.js';

/** What a WebAssembly memory of 32-bit addresses can hold. */
const WASM_MEMORY = 2 ** 32;

/** The embedded default: WebAssembly with our own SIMD kernels; one thread a worker, equal bits everywhere. */
export const backendWasm = definePlugin({
  name: 'backend-wasm',
  description: 'WebAssembly SIMD with our own kernels: needs nothing but npm.',
  module: 'dna-nas/plugins/backend-wasm',
  export: 'backendWasm',
  apply(run) {
    run.hooks.resolveBackend.tap('backend-wasm', () => ({
      name: 'wasm',
      async start() {
        await startWasmBackend();
        return {
          name: 'wasm',
          description: `WebAssembly SIMD, float32 (TensorFlow.js ${tf.version_core})`,
          memoryBytes: WASM_MEMORY,
          numerics: `wasm simd128 float32, dna-nas ${packageVersion()}, tfjs ${tf.version_core}`,
        };
      },
    }));
  },
});
