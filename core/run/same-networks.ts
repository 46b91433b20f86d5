import { runDiffers } from '../errors.js';
import type { JsonObject } from '../plugin/plugin.js';
import type { SearchResult, Task } from '../stages/index.js';
import type { AttachedRunFolder } from '../store/index.js';
import { differences } from './identity.js';

/**
 * A resumed run searches again. Networks whose training has begun must be those that it finds: their results bear the
 * same names.
 * @param layOut gives the tasks that train what was found now
 * @throws DnaError `RUN_DIFFERS` with the networks that differ, and the table of latencies if its content does
 */
export function requireSameNetworks(
  name: string,
  folder: AttachedRunFolder,
  { found, layOut }: { readonly found: SearchResult; readonly layOut: () => readonly Task[] },
): void {
  const stored = new Map(folder.taskIds().map((id) => [id, folder.readTask(id)!]));
  if ([...stored.values()].every(({ stage }) => stage !== 'retrain')) return;
  const begun = layOut().filter(({ id }) => folder.hasResult(id) || folder.loadCheckpoint(id) !== undefined);
  const inputs = (tasks: readonly Task[]) =>
    Object.fromEntries(tasks.map(({ id, input }) => [id, input])) as JsonObject;
  const networks = differences(inputs(begun.map((task) => stored.get(task.id) ?? task)), inputs(begun));
  if (networks.length === 0) return;
  const before = folder.readJson('search') as SearchResult | undefined;
  const tables = differences(tableOf(before), tableOf(found));
  throw tables.length === 0
    ? runDiffers(name, networks)
    : runDiffers(name, [...tables, ...networks], TABLE_HINT);
}

const TABLE_HINT =
  'The table of latencies has changed since networks of this run were trained. Put the earlier one back, or search by the new one in a fork: give it another name, and say --set search.latency=<that name> --fork.';

function tableOf(result: SearchResult | undefined): JsonObject {
  const { latency } = result ?? {};
  return latency ? { 'search.latency': { file: latency.file, fingerprint: latency.fingerprint } } : {};
}
