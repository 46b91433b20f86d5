import { getGlobal } from '@tensorflow/tfjs-core/dist/global_util.js';
import * as names from '@tensorflow/tfjs-core/dist/kernel_names.js';
import type { KernelConfig } from '@tensorflow/tfjs-core/dist/kernel_registry.js';

/** Some specs ask for kernels that do not exist anywhere. */
const KNOWN: ReadonlySet<unknown> = new Set(Object.values(names));
/** The code of the error that a backend of ours throws where it registers a name and has no kernel for it. */
const PLACEHOLDER = 'KERNEL_MISSING';

const found = new Set<string>();
const missing = new Set<string>();
let registered: () => string[] = () => [];

/** The kernels that tfjs's engine has looked up since `clear()`. */
export const requestedKernels = {
  clear(): void {
    found.clear();
    missing.clear();
  },
  found: () => [...found],
  missing: () => [...missing],
  /** All kernels of the backend. */
  registered: () => registered(),
};

/** From now on every look-up in tfjs's registry for this backend is noted. */
export function watchKernelRequests(backend: string): void {
  const registry = getGlobal('kernelRegistry', () => new Map<string, KernelConfig>());
  const prefix = `${backend}_`;
  const ours = (key: string) => key.startsWith(prefix);
  registered = () => [...registry.keys()].filter(ours).map((key) => key.slice(prefix.length));
  const get = registry.get.bind(registry);
  registry.get = (key) => {
    const kernel = get(key);
    return ours(key) ? note(key.slice(prefix.length), kernel) : kernel;
  };
}

function note(name: string, kernel: KernelConfig | undefined): KernelConfig | undefined {
  if (kernel !== undefined) found.add(name);
  else if (KNOWN.has(name)) missing.add(name);
  return kernel && { ...kernel, kernelFunc: (call) => noteAbsence(name, () => kernel.kernelFunc(call)) };
}

function noteAbsence<Result>(name: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if ((error as { code?: unknown }).code === PLACEHOLDER) {
      found.delete(name);
      missing.add(name);
    }
    throw error;
  }
}
