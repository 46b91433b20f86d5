import { readFileSync } from 'node:fs';

/** Those of the wanted extensions (`avx2`, as `/proc/cpuinfo` names them without `_`) that this processor lacks. */
export function missingInstructions(wanted: readonly string[]): string[] {
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  const known = new Set(flags.replaceAll('_', '').trim().split(/\s+/));
  return wanted.filter((name) => !known.has(name));
}
