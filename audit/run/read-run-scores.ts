import type { SearchSpace } from 'dna-nas/core/contracts';
import { openStoredRun, type StoredRunRequest } from 'dna-nas/core/run';
import { depthOf } from 'dna-nas/core/space';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { countingOf, ratingsOfRun } from 'dna-nas/run-tools';
import { costDiffers, notRated, runNotRanked } from '../errors.js';
import { OperationFeatures } from '../fit/operation-features.js';
import { NetworkPrices } from '../network-prices.js';
import type { Limits } from '../scores/limited-pick.js';
import type { Scores } from '../scores/scores.js';
import { COUNT, numbersOf } from '../table/columns.js';
import { distinctRows } from '../table/distinct-rows.js';
import type { Table } from '../table/read-csv.js';
import { pickRows, requireAudible, type ScoreTable, unusedColumns } from '../table/read-scores.js';
import { readTruth, type TruthNetwork } from '../table/read-truth.js';
import { RatedArchitectures } from './rated-architectures.js';

export interface RunScoresRequest extends StoredRunRequest {
  /** CSV of architectures in the words of the run's space, with their accuracies. */
  readonly truth: string;
}

/**
 * Joins a run's ratings with a truth. A network's rating is the sum of its blocks' on the scale of the run's search,
 * and networks that this scale was fitted to are left out; multiply-adds, parameters and depth
 * are counted by the run's space on the run's images. Equal networks are one, in their canonical form.
 * @throws DnaError `RUN_NOT_FOUND`, `AUDIT_RUN`, `AUDIT_TRUTH`, and those of tables.
 */
export async function readRunScores(request: RunScoresRequest): Promise<ScoreTable> {
  const { folder, run } = await openStoredRun(request);
  const ratings = ratingsOfRun(folder) ?? notRanked(folder);
  const space = await run.resolve('resolveSpace', 'space');
  const { table, networks, accuracies } = readTruth(request.truth, space);
  const scale = await run.hooks.resolveScale.promise({ slot: 'search.scale' });
  const rated = new RatedArchitectures(scale?.apply(ratings, space) ?? ratings);
  const latency = numbersOf(table, 'latency', COUNT);
  const columns = {
    ...ratingsOf(table, networks, rated),
    operations: new OperationFeatures(space).columnsOf(networks.map(({ architecture }) => architecture)),
    ...accuracies,
    ...(await countCosts(table, {
      networks,
      space,
      prices: new NetworkPrices(space, await countingOf(run)),
    })),
    ...(latency && { latency }),
  };
  const texts = networks.map(({ text }) => text);
  const known = new Set(scale?.known?.(space).map((architecture) => space.formatArchitecture(architecture)));
  const distinct = distinctRows(table, texts, columns);
  const rows = distinct.filter((row) => !known.has(texts[row]!));
  const scores = pickRows(columns, rows);
  requireAudible(request.truth, scores);
  return {
    scores,
    architectures: Array.from(rows, (row) => networks[row]!.text),
    repeated: table.rows.length - distinct.length,
    ...(rows.length < distinct.length && { known: distinct.length - rows.length }),
    limits: limitsOf(folder, scores),
    unused: unusedColumns(table),
  };
}

function notRanked(folder: AttachedRunFolder): never {
  throw runNotRanked(folder.path, (folder.readJson('config') as RunConfig).values ?? {});
}

interface RunConfig {
  readonly values?: { readonly architecture?: unknown; readonly architectures?: unknown };
}

/** Of the run's search, as far as the truth tells these costs. */
function limitsOf(folder: AttachedRunFolder, { costs }: Scores): Limits {
  const { values } = folder.readJson('config') as { values: { search?: { limits?: Limits } } };
  const limits = Object.entries(values.search?.limits ?? {});
  return Object.fromEntries(limits.filter(([name]) => Object.hasOwn(costs, name)));
}

function ratingsOf(
  { path, rows }: Table,
  networks: readonly TruthNetwork[],
  rated: RatedArchitectures,
): Required<Pick<Scores, 'rating' | 'blocks'>> {
  const all = networks.map(({ architecture, text }, row) => {
    const ratings = rated.ratingsOf(architecture);
    if (ratings.some(Number.isNaN)) throw notRated(text, { path, line: rows[row]!.line });
    return ratings;
  });
  return {
    rating: Float64Array.from(all, (ratings) => ratings.reduce((sum, rating) => sum + rating, 0)),
    blocks: all[0]!.map((_, block) => Float64Array.from(all, (ratings) => ratings[block]!)),
  };
}

type Counted = Required<Pick<Scores['costs'], 'macs' | 'params' | 'depth'>>;

interface CountRequest {
  readonly networks: readonly TruthNetwork[];
  readonly space: SearchSpace;
  readonly prices: NetworkPrices;
}

/** A truth that tells other costs is of another space, or of other images: its accuracies are of other networks. */
function countCosts(table: Table, { networks, space, prices }: CountRequest): Counted {
  const costs = networks.map(({ architecture }) => prices.costsOf(architecture));
  const counted: Counted = {
    macs: Float64Array.from(costs, ({ macs }) => macs!),
    params: Float64Array.from(costs, ({ params }) => params!),
    depth: Float64Array.from(networks, ({ architecture }) => depthOf(space, architecture)),
  };
  for (const [name, values] of Object.entries(counted) as [string, Float64Array][]) {
    const told = numbersOf(table, name, COUNT);
    const row = told?.findIndex((value, index) => value !== values[index]) ?? -1;
    if (row < 0) continue;
    const at = { path: table.path, line: table.rows[row]!.line };
    throw costDiffers(name, { ...at, told: told![row]!, counted: values[row]! });
  }
  return counted;
}
