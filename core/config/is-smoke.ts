import type { ResolvedConfig } from './types.js';

/** Whether a configuration was resolved with `smoke`. */
export function isSmoke({ sources }: Pick<ResolvedConfig, 'sources'>): boolean {
  return Object.values(sources).some((source) => source.startsWith('smoke of '));
}
