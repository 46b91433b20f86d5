import { tf } from 'dna-nas/nn';
import { type Gpus, loadNative, PRECISION_CODES } from './binding.js';
import { deviceMissing, gpuUnusable, precisionNotOffered } from './errors.js';
import { gpuFault } from './gpu-fault.js';
import { readInstallation } from './install/installation.js';
import { BACKEND, registerTorchKernels } from './register.js';
import { TorchBackend } from './torch-backend.js';

export interface StartOptions {
  /** `auto`, `cpu`, `cuda` or `cuda:N`. @default 'auto' */
  readonly device?: string;
  /** Threads of one op. @default 1 */
  readonly threads?: number;
  /** @default 'float32' */
  readonly precision?: keyof typeof PRECISION_CODES;
  /** @default false */
  readonly deterministic?: boolean;
  /** Megabytes that tensors on the host may hold; 0 for the machine's memory. @default 0 */
  readonly memory?: number;
}

/**
 * Makes the torch backend tfjs's current one, in the main thread or a worker. A second call only selects it again, with
 * the options of the first. Throws where the backend is not installed, or the device is not there.
 */
export async function startTorchBackend(options: StartOptions = {}): Promise<TorchBackend> {
  if (!tf.engine().registryFactory[BACKEND]) {
    const backend = makeBackend(options);
    registerTorchKernels(backend.settings, backend.native.describe().kernels ?? false);
    tf.registerBackend(BACKEND, () => backend, 3);
  }
  await tf.setBackend(BACKEND);
  await tf.ready();
  return tf.backend() as TorchBackend;
}

function makeBackend(options: StartOptions): TorchBackend {
  const { threads = 1, precision = 'float32', deterministic = false, memory = 0 } = options;
  const native = loadNative();
  const device = chooseDevice(options.device ?? 'auto', native.gpus());
  if (precision === 'tf32' && device === 'cpu') throw precisionNotOffered(precision, device);
  native.configure(device, threads, PRECISION_CODES[precision], deterministic, memory * 2 ** 20);
  return new TorchBackend(native, { device, precision, deterministic });
}

/** A device that is there. */
function chooseDevice(wanted: string, gpus: Gpus): string {
  if (wanted === 'cpu') return wanted;
  const fault = gpuFault(gpus, readInstallation()?.architectures ?? []);
  if (wanted === 'auto') return fault ? 'cpu' : 'cuda:0';
  if (fault) throw gpuUnusable(wanted, fault);
  const device = wanted === 'cuda' ? 'cuda:0' : wanted;
  const count = gpus.capabilities.length;
  if (Number(device.split(':')[1]) >= count) throw deviceMissing(wanted, count);
  return device;
}
