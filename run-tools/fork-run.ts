import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import {
  configDifferences,
  readStored,
  type StoredRunConfig,
  toStored,
  withoutEchoes,
} from 'dna-nas/core/run';
import { AttachedRunFolder } from 'dna-nas/core/store';
import { reusable, takeOver } from './reusable-tasks.js';

/** A run beside another one, of another configuration. */
export interface Fork {
  /** What to run instead: the same under the fork's name. */
  readonly request: ConfigRequest;
  /** Name of the run that is forked, and of the fork. */
  readonly from: string;
  readonly name: string;
  /** One line for each difference. */
  readonly differences: readonly string[];
  /** Ids of the finished tasks that the fork has of the other run. */
  readonly taken: readonly string[];
  /** Removes the fork's folder again, if `forkRun` made it and the fork has laid out no task of its own since. */
  abandon(): void;
}

/**
 * Prepares a new run, `<name>-2` or the first free number, where the run of that name was started with another
 * configuration. Finished tasks of training and rating whose configuration and needs are unchanged are taken over:
 * each result is proved by its SHA-256 and written anew. A fork that was made before for the same configuration is
 * gone on with.
 *
 * @returns undefined where there is nothing to fork: no such run, or the same configuration.
 * @throws DnaError `STORE_CORRUPT` if a result of the other run is damaged.
 */
export async function forkRun(request: ConfigRequest): Promise<Fork | undefined> {
  const config = await resolveConfig(request);
  const project = resolve(request.project ?? process.cwd());
  const runs = resolve(project, String(config.machine.runs ?? 'runs'));
  const now = toStored(config);
  const from = new AttachedRunFolder(join(runs, config.name));
  const before = readStored(from);
  const differences = before ? configDifferences(before, now) : [];
  if (!before || differences.length === 0) return undefined;
  const name = forkName(runs, config.name, now);
  const path = join(runs, name);
  const isNew = !existsSync(path);
  const remove = () => {
    if (isNew) rmSync(path, { recursive: true, force: true });
  };
  const taken = orElse(remove, () =>
    takeOver(from, { path, config: { ...now, name } }, reusable(from, before, now)),
  );
  const set = [...(request.set ?? []), `name=${name}`];
  return {
    request: { ...request, set },
    from: config.name,
    name,
    differences: withoutEchoes(differences),
    taken,
    abandon() {
      if (new AttachedRunFolder(path).taskIds().every((id) => taken.includes(id))) remove();
    },
  };
}

/** A fork that cannot take a result over leaves no half of a folder. */
function orElse<T>(clean: () => void, work: () => T): T {
  try {
    return work();
  } catch (error) {
    clean();
    throw error;
  }
}

/** The first number whose folder is free, or holds a run of this configuration. */
function forkName(runs: string, name: string, now: StoredRunConfig): string {
  for (let number = 2; ; number++) {
    const path = join(runs, `${name}-${number}`);
    if (!existsSync(path)) return `${name}-${number}`;
    const folder = new AttachedRunFolder(path);
    const stored = readStored(folder);
    const isFree = stored ? configDifferences(stored, now).length === 0 : folder.taskIds().length === 0;
    if (isFree) return `${name}-${number}`;
  }
}
