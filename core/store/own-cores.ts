import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Numbers of the cores that this process may compute on, in order. */
export function ownCores(): readonly number[] {
  const count = availableParallelism();
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const cores = coresOf(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '');
    if (cores.length > 0) return cores;
  } catch {
    // Systems without /proc number their cores from 0.
  }
  return Array.from({ length: count }, (_, core) => core);
}

/** `0-2,5` → 0, 1, 2, 5. */
function coresOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    if (!Number.isInteger(first) || !Number.isInteger(last)) return [];
    return Array.from({ length: last! - first! + 1 }, (_, index) => first! + index);
  });
}
