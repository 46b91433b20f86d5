import { availableParallelism } from 'node:os';
import { definePlugin, packageVersion } from 'dna-nas/core';
import type { BackendDescription } from 'dna-nas/core/contracts';
import type { CudaBackend } from './cuda-backend.js';
import { setEnvironment } from './environment.js';
import { gpuName } from './gpu-name.js';
import { checkCuda } from './install/check-cuda.js';
import { CUDA_COMMANDS } from './install/commands.js';
import { type BackendCudaOptions, OPTIONS } from './options.js';
import { startCudaBackend } from './start-cuda-backend.js';

export type { CudaBackend } from './cuda-backend.js';
export * from './install/index.js';
export type { BackendCudaOptions } from './options.js';
export { type StartOptions, startCudaBackend } from './start-cuda-backend.js';

/** TensorFlow by TensorFlow.js's node package, on the CPU or a CUDA GPU; `dna backend install cuda` makes it. */
export const backendCuda = definePlugin<BackendCudaOptions>({
  name: 'backend-cuda',
  description: 'TensorFlow by @tensorflow/tfjs-node-gpu, on a CUDA GPU or the CPU.',
  module: 'dna-nas/plugins/backend-cuda',
  export: 'backendCuda',
  options: OPTIONS,
  commands: CUDA_COMMANDS,
  apply(run, options) {
    run.hooks.resolveBackend.tap('backend-cuda', () => {
      setEnvironment(options);
      return {
        name: 'cuda',
        start: async () => describe(await startCudaBackend(options), options),
        // TensorFlow has one pool of threads for the whole process, and on a GPU one thread keeps it busy.
        mostWorkers: () => 1,
        devices: () => ownDevice(options),
        check: () => checkCuda(options),
      };
    });
  },
});

/** The one that this process lets TensorFlow see, where it is named. */
function ownDevice({ device }: BackendCudaOptions): number[] {
  return device.startsWith('cuda') ? [Number(device.split(':')[1] ?? 0)] : [];
}

function describe(backend: CudaBackend, { threads, precision }: BackendCudaOptions): BackendDescription {
  const version = backend.binding.TF_Version;
  const gpu = backend.isUsingGpuDevice;
  const place = gpu ? gpuName() : `${threads || availableParallelism()} threads`;
  const warning = gpu ? '; not deterministic' : '';
  return {
    name: 'cuda',
    description: `TensorFlow ${version} on ${gpu ? 'cuda' : 'cpu'}, ${precision} (${place})${warning}`,
    numerics: `TensorFlow ${version} ${gpu ? 'cuda' : 'cpu'} ${precision}, ${place}, dna-nas ${packageVersion()}`,
  };
}
