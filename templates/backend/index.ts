import { definePlugin, packageVersion } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';

const NAME = 'template';

/** A kernel of one's own: the square of each value. Add those of your device here. */
const square: tf.KernelConfig = {
  kernelName: 'Square',
  backendName: NAME,
  kernelFunc({ inputs: { x }, backend }) {
    const own = backend as unknown as Kernels;
    const values = own.readSync(x!.dataId) as Float32Array;
    return own.makeTensorInfo(
      x!.shape,
      x!.dtype,
      values.map((value) => value * value),
    );
  },
};

/** What the kernels use of a backend. */
interface Kernels extends tf.KernelBackend {
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: tf.TypedArray): tf.TensorInfo;
}

/** Starts from the memory and kernels of tfjs's plain JavaScript backend; replace both, one kernel at a time. */
async function register(): Promise<void> {
  if (tf.findBackendFactory(NAME)) return;
  await startCpuBackend();
  const create = tf.findBackendFactory('cpu');
  tf.copyRegisteredKernels('cpu', NAME);
  tf.unregisterKernel('Square', NAME);
  tf.registerKernel(square);
  tf.registerBackend(NAME, () => create() as tf.KernelBackend);
}

/** A tensor backend. */
export default definePlugin({
  name: 'backend-template',
  module: import.meta.url,
  description: 'Plain JavaScript, with a kernel of its own.',
  apply(run) {
    run.hooks.resolveBackend.tap('backend-template', () => ({
      name: NAME,
      check: async () => ({ works: true, description: 'plain JavaScript works everywhere' }),
      async start() {
        await register();
        await tf.setBackend(NAME);
        const versions = `dna-nas ${packageVersion()}, tfjs ${tf.version_core}`;
        return {
          name: NAME,
          description: `plain JavaScript, float32 (${versions})`,
          // Runs with other numerics are not the same run: name all that bits depend on.
          numerics: `${NAME} float32, ${versions}`,
        };
      },
    }));
  },
});
