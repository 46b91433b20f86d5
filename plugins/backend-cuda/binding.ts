/** The seam to TensorFlow: what `@tensorflow/tfjs-node-gpu` and its binding offer, on one page. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { backendNotInstalled, backendOutdated, installationUnusable } from 'dna-nas/install';
import { tf } from 'dna-nas/nn';
import { CUDA } from './install/cuda.js';
import { type Installation, readInstallation } from './install/installation.js';
import { installationFault } from './install/installation-fault.js';
import { TFJS_SYMBOL } from './install/node-package.js';

/** A tensor of TensorFlow, as the binding tells of it. */
export interface NativeTensor {
  readonly id: number;
  readonly shape: number[];
  /** TensorFlow's number of the type. */
  readonly dtype: number;
}

/** An attribute of an op; `type` is one of `ATTRIBUTE_TYPES`. */
export interface NativeAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The addon. Every call throws with TensorFlow's words where it fails. */
export interface Binding {
  readonly TF_Version: string;
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  executeOp(
    name: string,
    attributes: readonly NativeAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): NativeTensor[];
  /** Tensors that it holds in this thread. */
  getNumOfTensors(): number;
  isUsingGpuDevice(): boolean;
}

/** What the package keeps of a tensor: its values as long as TensorFlow has not asked for them, else its id. */
export interface TensorData {
  readonly shape: number[];
  readonly dtype: number;
  values: tf.backend_util.BackendValues | null;
  id: number;
  refCount: number;
}

/** The package's backend, as far as ours builds upon it. */
export interface NodeBackend extends tf.KernelBackend {
  readonly binding: Binding;
  readonly isUsingGpuDevice: boolean;
  readonly tensorMap: tf.DataStorage<TensorData>;
  /** TensorFlow's ids of tensors; creates those that are only values yet. */
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
}

/** The package's class, and the binding that it is to be made with. */
export interface NodePackage {
  readonly Backend: new (binding: Binding, packageName: string) => NodeBackend;
  readonly binding: Binding;
  /** Whether ops of our own are compiled into the binding. */
  readonly ownOps: boolean;
  /** Registers the package's kernels for the backend `tensorflow`; a second time does nothing. */
  registerKernels(): void;
}

/** Numbers of TensorFlow's C API. */
export const TYPES = { float32: 1, int32: 3, bool: 10 } as const;
export const ATTRIBUTE_TYPES = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

/**
 * Loads what `dna backend install cuda` has put on this machine. The package is given our own tfjs-core, so that there
 * is one engine.
 * @throws DnaError where it is not installed or does not load.
 */
export function loadNodePackage(): NodePackage {
  const installation = readInstallation();
  if (!installation) throw backendNotInstalled(CUDA);
  const fault = installationFault(installation);
  if (fault) throw backendOutdated(CUDA, fault);
  const load = createRequire(join(installation.package, 'package.json'));
  (globalThis as Record<symbol, unknown>)[Symbol.for(TFJS_SYMBOL)] ??= tf;
  try {
    const { NodeJSKernelBackend } = load('./dist/nodejs_kernel_backend.js');
    return {
      Backend: NodeJSKernelBackend,
      binding: loadBinding(installation, load),
      ownOps: installation.compiler !== null,
      registerKernels: () => void load('./dist/register_all_kernels.js'),
    };
  } catch (cause) {
    throw installationUnusable(CUDA, installation.binding, cause);
  }
}

function loadBinding({ binding, quiet }: Installation, load: NodeJS.Require): Binding {
  const open = () => load(binding) as Binding;
  if (quiet === null || !Number(process.env.TF_CPP_MIN_LOG_LEVEL)) return open();
  return (load(quiet) as (action: () => Binding) => Binding)(open);
}
