import { basename, join } from 'node:path';
import type { ConfigurationDifference, JsonObject, RunSoFar } from 'dna-nas/core';
import type { Block, SpaceBlock } from 'dna-nas/core/contracts';
import type { SearchResult } from 'dna-nas/core/stages';
import { attachRunFolder } from 'dna-nas/core/store';
import { nodeFiles } from 'dna-nas/files';
import {
  answersOfNetworks,
  type CellLosses,
  examplesOfNetwork,
  lossCurves,
  type NetworkAnswers,
  type NetworkExamples,
} from 'dna-nas/run-tools';
import type { AuditRecord } from './audit-record.js';
import { shownNetworks } from './class-results.js';
import { FEATURES_FILE, type FeatureMapsFile } from './features/maps-file.js';

/** `CellRatings` as JSON holds them. */
export interface CellRatingsRecord {
  readonly block: number;
  readonly cell: number;
  readonly choices: readonly number[];
  readonly values: readonly number[];
}

/** Of `config.json` and `identity.json`, what the page shows. */
export interface RunConfigurationRecord {
  readonly version?: string;
  readonly preset?: string | null;
  readonly values: JsonObject;
  /** Fingerprints of data and teacher, and the backend's numerics. */
  readonly identity?: Readonly<Record<string, string>> | undefined;
  /** From the preset; absent where that is not known. */
  readonly differences?: readonly ConfigurationDifference[] | undefined;
}

/** Everything that the page shows. What is absent is left out of it. */
export interface ReportData {
  /** Name of the run. */
  readonly name: string;
  readonly summary: RunSoFar;
  /** Whether the run is. @default true */
  readonly complete?: boolean;
  readonly search?: SearchResult;
  readonly ratings?: readonly CellRatingsRecord[];
  /** Names of the operations of each cell's layers. */
  readonly blocks?: readonly SpaceBlock[];
  /** Feature shapes at the blocks' borders. */
  readonly boundaries?: readonly Block[];
  /** What the ratings are worth, by accuracies that are known. */
  readonly audit?: AuditRecord | undefined;
  /** Feature maps of teacher and student. */
  readonly features?: FeatureMapsFile | undefined;
  /** How it was configured, and what it was computed with. */
  readonly configuration?: RunConfigurationRecord | undefined;
  /** Greatest cost by name. */
  readonly limits: Readonly<Record<string, number>>;
  /** How the cells' losses fell, for those that are trained. */
  readonly losses?: readonly CellLosses[];
  /** What networks told of the test images of each class. */
  readonly answers?: readonly NetworkAnswers[];
  /** Some of these images. */
  readonly examples?: NetworkExamples | undefined;
}

/**
 * Collects it from the JSON files of a run folder. A file that is not there is left out.
 * @throws SyntaxError if a file is there and is not JSON
 */
export function readRunData(folder: string, summary: RunSoFar, complete = true): ReportData {
  const space = readJson<{ blocks?: SpaceBlock[]; boundaries?: Block[] }>(folder, 'space.json');
  const config = readJson<RunConfigurationRecord>(folder, 'config.json');
  const limits = (config?.values?.search as { limits?: Record<string, number> } | undefined)?.limits;
  const identity = readJson<Record<string, string>>(folder, 'identity.json');
  return {
    name: basename(folder),
    summary,
    complete,
    search: readJson<SearchResult>(folder, 'search.json'),
    ratings: readJson<{ cells: CellRatingsRecord[] }>(folder, 'ratings.json')?.cells,
    blocks: space?.blocks,
    boundaries: space?.boundaries,
    audit: readJson<AuditRecord>(folder, 'audit.json'),
    features: readJson<FeatureMapsFile>(folder, FEATURES_FILE),
    limits: limits ?? {},
    ...(config?.values && { configuration: { ...config, identity } }),
    ...(config && readTasks(folder, summary)),
  };
}

/** What stands in the files of the run's tasks. */
function readTasks(
  folder: string,
  { networks }: RunSoFar,
): Pick<ReportData, 'losses' | 'answers' | 'examples'> {
  const run = attachRunFolder(folder);
  const shown = shownNetworks(networks).map(({ name }) => name);
  const answers = answersOfNetworks(run, shown);
  const examples = shown.map((name) => examplesOfNetwork(run, name)).find((one) => one !== undefined);
  return { losses: lossCurves(run), answers, examples };
}

function readJson<Value>(folder: string, name: string): Value | undefined {
  let text: string;
  try {
    text = new TextDecoder().decode(nodeFiles.readFile(join(folder, name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text) as Value;
}
