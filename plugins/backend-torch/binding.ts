import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { backendNotInstalled, backendOutdated, installationUnusable } from 'dna-nas/install';
import { readInstallation } from './install/installation.js';
import { installationFault } from './install/installation-fault.js';
import { TORCH } from './install/torch.js';
import type { Handle, NativeOps, TypeCode } from './native-ops.js';

/** How `configure` names the precisions. */
export const PRECISION_CODES = { float32: 0, tf32: 1, bf16: 2 } as const;

/** Bytes on the host. */
export interface HostMemory {
  readonly used: number;
  readonly peak: number;
  readonly cached: number;
  readonly limit: number;
  /** Tensors that this thread holds. */
  readonly tensors: number;
}

export interface NativeDescription {
  /** libtorch's version. */
  readonly torch: string;
  /** The CPU's instruction set that libtorch uses. */
  readonly instructions: string;
  /** Threads of one op. */
  readonly threads: number;
  /** The GPU's name, where it computes on one. */
  readonly gpu?: string;
  /** There: whether our own CUDA kernels are compiled in. */
  readonly kernels?: boolean;
}

/** What CUDA's runtime says of the machine's GPUs. */
export interface Gpus {
  /** CUDA of the driver, 12040 for 12.4; 0 without a driver. */
  readonly driver: number;
  /** CUDA that the addon is linked with; 0 where it was built for the CPU alone. */
  readonly runtime: number;
  /** Why no GPU can be used; empty where one can. */
  readonly error: string;
  /** Compute capability of each GPU: 90 for 9.0. */
  readonly capabilities: readonly number[];
}

/** The addon. */
export interface Native {
  /** Device (`cpu`, `cuda:0`), threads, precision's code, deterministic, memory limit in bytes (0: the machine's). */
  configure(
    device: string,
    threads: number,
    precision: number,
    deterministic: boolean,
    memoryLimit: number,
  ): void;
  /** Where results are written; kept alive by the caller. */
  setResults(buffer: Int32Array): void;
  upload(values: ArrayBufferView, typeCode: TypeCode, shape: readonly number[]): void;
  read(handle: Handle): ArrayBuffer;
  /** The same, without holding JavaScript up while a GPU computes. */
  readLater(handle: Handle): Promise<ArrayBuffer>;
  release(handle: Handle): void;
  alias(handle: Handle): void;
  /** Gives memory that no tensor holds back to the system. */
  trim(): void;
  memory(): HostMemory;
  gpus(): Gpus;
  describe(): NativeDescription;
  readonly ops: NativeOps;
}

let loaded: Native | undefined;

/** The addon that `dna backend install torch` compiled; throws where it is not installed or does not load. */
export function loadNative(): Native {
  loaded ??= load();
  return loaded;
}

/**
 * Threads of libgomp that wait for each other spin for milliseconds, which makes a step many times slower where other
 * work wants the cores too. libgomp reads this when it is loaded, and only the main thread can set it for the process.
 */
export function limitSpinning(): void {
  if (isMainThread) process.env.GOMP_SPINCOUNT ??= '10000';
}

function load(): Native {
  limitSpinning();
  const installation = readInstallation();
  if (!installation) throw backendNotInstalled(TORCH);
  const fault = installationFault(installation);
  if (fault) throw backendOutdated(TORCH, fault);
  try {
    const exports = createRequire(import.meta.url)(installation.addon) as Omit<Native, 'ops'>;
    return Object.assign(Object.create(exports), { ops: exports }) as Native;
  } catch (cause) {
    throw installationUnusable(TORCH, installation.addon, cause);
  }
}
