import type { JsonObject } from 'dna-nas/core';
import type { StoredConfig } from 'dna-nas/core/config';
import { leaves } from 'dna-nas/core/run';

/** Options of a run that make its result, by dotted path; texts, numbers, and yes or no. */
export function hyperparameters({
  preset,
  version,
  values,
}: StoredConfig): Record<string, string | number | boolean> {
  const { reports: _reports, name: _name, launcher: _launcher, ...own } = values as JsonObject;
  const all = [...leaves({ version, ...(preset !== null && { preset }), ...own })];
  return Object.fromEntries(
    all.map(([path, text]) => {
      const value: unknown = JSON.parse(text);
      const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      return [path, isPlain ? value : text];
    }),
  );
}
