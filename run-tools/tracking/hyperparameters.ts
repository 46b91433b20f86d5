import type { StoredConfig } from 'dna-nas/core/config';
import { leaves } from 'dna-nas/core/run';
import { resultOptions } from '../compare/configuration-differences.js';

/** Options of a run that make its result, by dotted path; texts, numbers, and yes or no. */
export function hyperparameters({
  preset,
  version,
  values,
}: StoredConfig): Record<string, string | number | boolean> {
  const all = [...leaves({ version, ...(preset !== null && { preset }), ...resultOptions(values) })];
  return Object.fromEntries(
    all.map(([path, text]) => {
      const value: unknown = JSON.parse(text);
      const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return [path, isPlain ? value : text];
    }),
  );
}
