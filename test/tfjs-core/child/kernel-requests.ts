import type { KernelBackend } from '@tensorflow/tfjs-core/dist/backends/backend.js';
import { getGlobal } from '@tensorflow/tfjs-core/dist/global_util.js';
import * as names from '@tensorflow/tfjs-core/dist/kernel_names.js';
import {
  getKernelsForBackend,
  type KernelConfig,
  type KernelFunc,
} from '@tensorflow/tfjs-core/dist/kernel_registry.js';

/** Some specs ask for kernels that do not exist anywhere. */
const KNOWN: ReadonlySet<unknown> = new Set(Object.values(names));
/** The code of the error that a backend of ours throws where it registers a name and has no kernel for it. */
const PLACEHOLDER = 'KERNEL_MISSING';

const found = new Set<string>();
const missing = new Set<string>();
/** Found by any spec. */
const everFound = new Set<string>();

/** The kernels that tfjs's engine has looked up since `clear()`. */
export const requestedKernels = {
  clear(): void {
    found.clear();
    missing.clear();
  },
  found: () => [...found],
  missing: () => [...missing],
};

/** From now on every look-up in tfjs's registry for this backend is noted. */
export function watchKernelRequests(backend: string): void {
  const registry = getGlobal('kernelRegistry', () => new Map<string, KernelConfig>());
  const prefix = `${backend}_`;
  const get = registry.get.bind(registry);
  registry.get = (key) => {
    const kernel = get(key);
    return key.startsWith(prefix) ? note(key.slice(prefix.length), kernel) : kernel;
  };
}

/** The kernels that a backend registers, without those that are only names. */
export function registeredKernels(backend: KernelBackend, name: string): string[] {
  return getKernelsForBackend(name)
    .filter(({ kernelName, kernelFunc }) => everFound.has(kernelName) || !isPlaceholder(kernelFunc, backend))
    .map(({ kernelName }) => kernelName);
}

/** A kernel without inputs throws whatever it is; a placeholder says what it is. */
function isPlaceholder(kernelFunc: KernelFunc, backend: KernelBackend): boolean {
  try {
    kernelFunc({ inputs: {}, attrs: {}, backend });
    return false;
  } catch (error) {
    return isAbsence(error);
  }
}

function note(name: string, kernel: KernelConfig | undefined): KernelConfig | undefined {
  if (kernel === undefined) {
    if (KNOWN.has(name)) missing.add(name);
    return undefined;
  }
  found.add(name);
  everFound.add(name);
  return { ...kernel, kernelFunc: (call) => noteAbsence(name, () => kernel.kernelFunc(call)) };
}

function noteAbsence<Result>(name: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (isAbsence(error)) {
      found.delete(name);
      missing.add(name);
    }
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return (error as { code?: unknown }).code === PLACEHOLDER;
}
