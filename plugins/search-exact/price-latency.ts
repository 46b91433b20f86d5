import { isAbsolute, resolve } from 'node:path';
import type { PluginRun } from 'dna-nas/core';
import { addCosts } from 'dna-nas/core/space';
import { absoluteTable } from './errors.js';

/**
 * Has the run's space price what networks take by a table of latencies, for everybody who asks the space.
 * @throws DnaError `LATENCY_TABLE` for an absolute path, which would be stored with the run
 */
export function priceLatency({ hooks, project }: Pick<PluginRun, 'hooks' | 'project'>, table: string): void {
  if (isAbsolute(table)) throw absoluteTable(table);
  hooks.space.tapPromise('search-exact', async (space) => {
    // Whoever measures nothing loads nothing of this.
    const { latencyCosts } = await import('dna-nas/latency');
    return addCosts(space, latencyCosts(space, resolve(project, table), table));
  });
}
