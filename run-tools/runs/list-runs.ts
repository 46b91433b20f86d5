import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { storedConfig } from 'dna-nas/core/config';
import { readOutcome } from 'dna-nas/core/run';
import type { NetworkResult, SearchResult } from 'dna-nas/core/stages';
import { type AttachedRunFolder, attachRunFolder } from 'dna-nas/core/store';
import { DnaError } from 'dna-nas/errors';
import { runSoFar } from '../report/run-so-far.js';

/**
 * `working`: some process works on it, as far as can be seen from here. `damaged`: it cannot be read. `foreign`: no
 * run of ours.
 */
export type RunState = 'complete' | 'working' | 'stopped' | 'damaged' | 'foreign';

/** A run of a folder of runs, as far as it has come; what is not known is absent. */
export interface ListedRun {
  /** Of its folder, below the folder of runs. */
  readonly name: string;
  readonly state: RunState;
  readonly preset?: string;
  readonly seed?: number;
  /** The last stage that ended, where the run is not complete. */
  readonly stage?: string;
  /** ISO 8601: when it was first started. */
  readonly started?: string;
  /** Over all its starts. */
  readonly seconds?: number;
  /** What the search found, in the space's words. */
  readonly found?: string;
  readonly rating?: number;
  /** Test accuracy of what was found, 0 to 1, with the interval of 95 % where it is known. */
  readonly accuracy?: number;
  readonly interval?: readonly [low: number, high: number];
  readonly params?: number;
  readonly macs?: number;
  /** Why it cannot be read. */
  readonly problem?: string;
}

/** Folders of grids have runs of their own; none lies deeper. */
const DEEPEST = 2;

/**
 * The runs of a folder, in the order of their names. Changes nothing; a folder that is damaged, or no run, is listed as
 * that.
 * @throws DnaError `RUNS_NOT_FOUND` where there is no such folder.
 */
export function listRuns(runs: string): ListedRun[] {
  const path = resolve(runs);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw noRuns(runs);
  return below(path, '', 1);
}

function noRuns(runs: string): DnaError {
  return new DnaError(
    'RUNS_NOT_FOUND',
    `There is no folder ${runs}, where runs would be.`,
    'Name the folder of your runs: dna runs FOLDER; `dna run` makes one.',
    { exitCode: 2 },
  );
}

function below(runs: string, prefix: string, depth: number): ListedRun[] {
  const folders = readdirSync(join(runs, prefix), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => `${prefix}${entry.name}`)
    .sort();
  return folders.flatMap((name) => {
    const run = listed(join(runs, name), name);
    if (run.state !== 'foreign' || depth === DEEPEST) return [run];
    const inner = readable(() => below(runs, `${name}/`, depth + 1)) ?? [];
    const found = inner.filter(({ state }) => state !== 'foreign');
    return found.length > 0 ? found : [run];
  });
}

function listed(folder: string, name: string): ListedRun {
  try {
    return { name, ...describeRun(attachRunFolder(folder)) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isForeign = error instanceof DnaError && error.code === 'RUN_NOT_FOUND';
    return { name, state: isForeign ? 'foreign' : 'damaged', problem: error.message };
  }
}

function describeRun(folder: AttachedRunFolder): Omit<ListedRun, 'name'> {
  const config = storedConfig(folder.readJson('config'));
  const outcome = readOutcome(folder);
  const summary = outcome ?? runSoFar(folder, config);
  const best = (folder.readJson('search') as SearchResult | undefined)?.best;
  const network = foundNetwork(summary.networks);
  const stage = outcome ? undefined : Object.keys(summary.stages).at(-1);
  const started = folder.readJournal()[0]?.time;
  return known({
    state: outcome ? 'complete' : folder.worker() ? 'working' : 'stopped',
    preset: summary.preset ?? undefined,
    seed: summary.seed,
    ...{ stage, started, seconds: summary.seconds, found: summary.architecture },
    rating: summary.rating ?? undefined,
    accuracy: network?.top1,
    interval: network?.intervals?.top1,
    params: network?.params ?? best?.costs.params,
    macs: network?.macs ?? best?.costs.macs,
  });
}

/** The one that a run is about; of a run with given networks, the first. */
function foundNetwork(networks: readonly NetworkResult[]): NetworkResult | undefined {
  return networks.find(({ name }) => name === 'found') ?? networks.find(({ name }) => name !== 'teacher');
}

/** Without what is undefined. */
function known<Values extends object>(
  values: Values,
): { [Name in keyof Values]: Exclude<Values[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof known<Values>
  >;
}

/** Undefined where the disk says no. */
function readable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
