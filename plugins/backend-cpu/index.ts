import { definePlugin, packageVersion } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { startCpuBackend } from './start-cpu-backend.js';

export { startCpuBackend } from './start-cpu-backend.js';

/** TensorFlow.js's plain JavaScript backend: slow, and what the others are checked against. */
export const backendCpu = definePlugin({
  name: 'backend-cpu',
  description: 'Plain JavaScript: slow, the reference that other backends are checked against.',
  module: 'dna-nas/plugins/backend-cpu',
  export: 'backendCpu',
  apply(run) {
    run.hooks.resolveBackend.tap('backend-cpu', () => ({
      name: 'cpu',
      async start() {
        await startCpuBackend();
        return {
          name: 'cpu',
          description: `plain JavaScript, float32 (TensorFlow.js ${tf.version_core})`,
          numerics: `javascript float32, dna-nas ${packageVersion()}, tfjs ${tf.version_core}`,
        };
      },
    }));
  },
});
