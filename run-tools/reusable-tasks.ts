import { basename, join, resolve } from 'node:path';
import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import type { JsonObject } from 'dna-nas/core';
import type { ResolvedConfig } from 'dna-nas/core/config';
import { readStored, type StoredRunConfig, toStored } from 'dna-nas/core/run';
import type { Task } from 'dna-nas/core/stages';
import { AttachedRunFolder, openRunFolder } from 'dna-nas/core/store';

/** Sections of a configuration that a finished task of the stage does not depend on. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  distill: ['rank', 'search', 'retrain', 'reports'],
  rank: ['search', 'retrain', 'reports'],
};

/** Finished tasks that would come out the same. */
export function reusable(from: AttachedRunFolder, before: StoredRunConfig, now: StoredRunConfig): Task[] {
  const tasks = new Map(from.taskIds().map((id) => [id, from.readTask(id)!]));
  const same = new Map<string, boolean>();
  const sameStage = new Map(Object.keys(LATER).map((stage) => [stage, isSame(stage, before, now)]));
  const holds = (id: string): boolean => {
    const known = same.get(id);
    if (known !== undefined) return known;
    const task = tasks.get(id);
    const found = task !== undefined && (sameStage.get(task.stage) ?? false) && task.needs.every(holds);
    same.set(id, found);
    return found;
  };
  return [...tasks.values()].filter(({ id }) => from.hasResult(id) && holds(id));
}

function isSame(stage: string, before: StoredRunConfig, now: StoredRunConfig): boolean {
  const [then, today] = [before, now].map((config) => JSON.stringify(without(config, LATER[stage]!)));
  return then === today;
}

/** What the training of cells depends on: runs that are equal in it have the same cells. */
export function trainingIdentity(config: ResolvedConfig): string {
  return JSON.stringify(without(toStored(config), LATER.distill!));
}

/** A configuration without some sections: their values and the plugins of their slots. */
function without({ name: _name, ...config }: StoredRunConfig, sections: readonly string[]): JsonObject {
  const apart = ['name', ...sections];
  const values = Object.entries(config.values).filter(([section]) => !apart.includes(section));
  const plugins = config.plugins
    .filter(({ slot }) => !sections.includes(String(slot).split('.')[0]!))
    .map(({ source: _source, ...plugin }) => plugin);
  return { ...config, values: Object.fromEntries(values), plugins };
}

/** Makes a run's folder with tasks that another one has finished. Their ids. */
export function takeOver(
  from: AttachedRunFolder,
  { path, config }: { path: string; config: JsonObject },
  tasks: readonly Task[],
): string[] {
  const ids = tasks.map(({ id }) => id);
  const folder = openRunFolder(path);
  try {
    // First of all, so that a fork of yet another configuration never finds these results as its own.
    folder.writeJson('config', config);
    const identity = from.readJson('identity');
    // Data, teacher and numerics must be those that the results were computed with.
    if (ids.length > 0 && identity !== undefined) folder.writeJson('identity', identity);
    for (const task of tasks) {
      folder.writeTask(task);
      if (folder.hasResult(task.id)) continue;
      folder.takeMetrics(task.id, from);
      folder.commitResult(task.id, from.loadResult(task.id)!);
    }
    folder.journal({ event: 'forked', tasks: ids });
  } finally {
    folder.release();
  }
  return ids;
}

/** What a run has of another one, by the name of its folder. */
export interface SharedTasks {
  readonly from: string;
  /** Ids of finished tasks. */
  readonly taken: readonly string[];
}

/**
 * Gives a run that has no task yet the finished tasks that would come out the same, of that of some other runs that has
 * the most of them: trained cells where only the rating differs, ratings where only the search does. Each result is
 * proved by its SHA-256 and written anew. Undefined where there are none.
 * @throws DnaError `STORE_CORRUPT` if a result of the other run is damaged.
 */
export async function shareTasks(
  request: ConfigRequest,
  others: readonly string[],
): Promise<SharedTasks | undefined> {
  const config = await resolveConfig(request);
  const project = resolve(request.project ?? process.cwd());
  const path = join(resolve(project, String(config.machine.runs ?? 'runs')), config.name);
  if (new AttachedRunFolder(path).taskIds().length > 0) return undefined;
  const now = toStored(config);
  const offers = others.map((other) => {
    const from = new AttachedRunFolder(other);
    const before = readStored(from);
    return { from, tasks: before ? reusable(from, before, now) : [] };
  });
  const [best] = offers.sort((one, other) => other.tasks.length - one.tasks.length);
  if (!best || best.tasks.length === 0) return undefined;
  return { from: basename(best.from.path), taken: takeOver(best.from, { path, config: now }, best.tasks) };
}
