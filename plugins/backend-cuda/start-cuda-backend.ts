import { tf } from 'dna-nas/nn';
import { loadNodePackage } from './binding.js';
import { type CudaBackend, makeBackendClass } from './cuda-backend.js';
import { type EnvironmentSettings, setEnvironment } from './environment.js';
import { deviceMissing, precisionNotOffered } from './errors.js';
import { BACKEND, registerCudaKernels } from './register.js';

/** `setEnvironment`'s settings; all have the defaults of the plugin's options. */
export type StartOptions = Partial<EnvironmentSettings>;

/**
 * Makes the cuda backend tfjs's current one, under the name `tensorflow`, in the main thread or a worker. A second call
 * only selects it again, with the options of the first. Throws where it is not installed, or the device is not there.
 */
export async function startCudaBackend(options: StartOptions = {}): Promise<CudaBackend> {
  if (!tf.engine().registryFactory[BACKEND]) {
    const backend = makeBackend(options);
    tf.registerBackend(BACKEND, () => backend, 3);
    await tf.setBackend(BACKEND);
    backend.package.registerKernels();
    registerCudaKernels(backend);
  }
  await tf.setBackend(BACKEND);
  await tf.ready();
  return tf.backend() as unknown as CudaBackend;
}

function makeBackend(options: StartOptions): CudaBackend {
  const { device = 'auto', threads = 0, precision = 'float32', memoryGrowth = true, log = false } = options;
  setEnvironment({ device, threads, precision, memoryGrowth, log });
  const loaded = loadNodePackage();
  const gpu = loaded.binding.isUsingGpuDevice();
  if (device.startsWith('cuda') && !gpu) throw deviceMissing(device);
  if (precision === 'tf32' && !gpu) throw precisionNotOffered(precision);
  const Backend = makeBackendClass(loaded);
  return new Backend({ precision });
}
