import { getGlobal } from '@tensorflow/tfjs-core/dist/global_util.js';
import * as names from '@tensorflow/tfjs-core/dist/kernel_names.js';

const found = new Set<string>();
const missing = new Set<string>();
/** Some specs ask for kernels that do not exist anywhere. */
const KNOWN: ReadonlySet<unknown> = new Set(Object.values(names));

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
  const registry = getGlobal('kernelRegistry', () => new Map<string, unknown>());
  const prefix = `${backend}_`;
  registered = () =>
    [...registry.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const get = registry.get.bind(registry);
  registry.get = (key) => {
    const kernel = get(key);
    if (!key.startsWith(prefix)) return kernel;
    const name = key.slice(prefix.length);
    if (kernel !== undefined) found.add(name);
    else if (KNOWN.has(name)) missing.add(name);
    return kernel;
  };
}
