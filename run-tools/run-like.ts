import { basename, resolve } from 'node:path';
import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import type { ResolvedConfig } from 'dna-nas/core/config';
import { configDifferences, readStored, toStored, withoutEchoes } from 'dna-nas/core/run';
import { attachRunFolder } from 'dna-nas/core/store';
import { type Fork, forkRun } from './fork-run.js';
import { requestFrom } from './network-of-run.js';

/** A run that is configured as another one, apart from what the request overrides. */
export interface RunLike {
  readonly request: ConfigRequest;
  readonly name: string;
  /** One line for each difference; none where it is the run itself, which is gone on with. */
  readonly differences: readonly string[];
  /** Where finished tasks of the other run may hold for it. */
  readonly fork?: Fork;
}

/**
 * The request of the same run as the one in a folder, with what `request` overrides. Unless `--set name` says otherwise,
 * its name says so where another seed is all the difference, and otherwise it is a fork (`forkRun`). The same request
 * gives the same name, so that the run is gone on with.
 * @throws DnaError `RUN_NOT_FOUND`, `MODULE_FOREIGN`, `USAGE` if the request names a configuration as well.
 */
export async function runLike(folder: string, request: ConfigRequest): Promise<RunLike> {
  const project = resolve(request.project ?? process.cwd());
  const from = attachRunFolder(resolve(project, folder));
  const asked = requestFrom(from.path, request);
  const config = await resolveConfig(asked);
  const differences = withoutEchoes(configDifferences(readStored(from)!, toStored(config)));
  if (differences.length === 0 || isNamed(config)) return { request: asked, name: config.name, differences };
  if (differences.every((line) => line.startsWith('seed:'))) {
    const name = seedName(basename(from.path), config.seed);
    return { request: named(asked, name), name, differences };
  }
  const fork = await forkRun(asked);
  if (!fork) return { request: asked, name: config.name, differences };
  return { request: fork.request, name: fork.name, differences, fork };
}

function isNamed({ sources }: ResolvedConfig): boolean {
  return sources.name === '--set';
}

function named(request: ConfigRequest, name: string): ConfigRequest {
  return { ...request, set: [...(request.set ?? []), `name=${name}`] };
}

/** Of a run that has such a name already the number changes. */
function seedName(name: string, seed: number): string {
  return `${name.replace(/-seed-\d+$/, '')}-seed-${seed}`;
}
