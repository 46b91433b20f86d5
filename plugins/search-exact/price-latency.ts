import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { PluginRun } from 'dna-nas/core';
import { addCosts } from 'dna-nas/core/space';
import type { CountedSpace } from 'dna-nas/core/stages';
import type { LatencyRecord } from 'dna-nas/latency';
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

/** What a result says of the table that its networks were priced by. */
export async function recordLatency(
  { project }: Pick<PluginRun, 'project'>,
  counted: CountedSpace,
  file: string,
): Promise<LatencyRecord> {
  const { describeLatency, latenciesOf, readFinishedTable } = await import('dna-nas/latency');
  const path = resolve(project, file);
  const table = readFinishedTable(path, file);
  const {
    space: _,
    image: __,
    classes: ___,
    ...told
  } = describeLatency(table, latenciesOf(table, counted, file));
  const fingerprint = createHash('sha256').update(readFileSync(path)).digest('hex');
  return { file, fingerprint, ...told };
}
