import { availableParallelism } from 'node:os';
import { tf } from 'dna-nas/nn';
import { loadNative, PRECISION_CODES } from './binding.js';
import { BACKEND, registerTorchKernels } from './register.js';
import { TorchBackend } from './torch-backend.js';

export interface StartOptions {
  /** `cpu`, `cuda` or `cuda:N`. @default 'cpu' */
  readonly device?: string;
  /** Threads of one op; 0 for one a core. @default 0 */
  readonly threads?: number;
  /** @default 'float32' */
  readonly precision?: keyof typeof PRECISION_CODES;
  /** @default true */
  readonly deterministic?: boolean;
  /** Megabytes that tensors on the host may hold; 0 for the machine's memory. @default 0 */
  readonly memoryLimit?: number;
}

/**
 * Makes the torch backend tfjs's current one, in the main thread or a worker. A second call only selects it again, with
 * the options of the first. Throws where the backend is not installed.
 */
export async function startTorchBackend(options: StartOptions = {}): Promise<TorchBackend> {
  if (!tf.engine().registryFactory[BACKEND]) {
    registerTorchKernels();
    tf.registerBackend(BACKEND, () => makeBackend(options), 3);
  }
  if (!(await tf.setBackend(BACKEND))) throw new Error('tfjs could not start its torch backend.');
  await tf.ready();
  return tf.backend() as TorchBackend;
}

function makeBackend(options: StartOptions): TorchBackend {
  const {
    device = 'cpu',
    threads = 0,
    precision = 'float32',
    deterministic = true,
    memoryLimit = 0,
  } = options;
  const native = loadNative();
  native.configure(
    device,
    threads || availableParallelism(),
    PRECISION_CODES[precision],
    deterministic,
    memoryLimit * 2 ** 20,
  );
  return new TorchBackend(native, tf.engine());
}
