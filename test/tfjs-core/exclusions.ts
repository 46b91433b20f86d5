import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Specs that need not pass on a backend. */
export interface Exclusion {
  readonly specs: RegExp;
  readonly reason: string;
}

/** Reads `exclusions/<backend>.yaml`: reasons, each with regular expressions for the full names of specs. */
export function readExclusions(backend: string): readonly Exclusion[] {
  const file = new URL(`exclusions/${backend}.yaml`, import.meta.url);
  if (!existsSync(file)) return [];
  const table: readonly { reason: string; specs: string[] }[] = parse(readFileSync(file, 'utf8')) ?? [];
  return table.flatMap(({ reason, specs }) => specs.map((source) => ({ reason, specs: new RegExp(source) })));
}
