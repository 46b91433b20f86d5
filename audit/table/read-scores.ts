import { constantScores, tooFewScores, wrongValue } from '../errors.js';
import type { Limits } from '../scores/limited-pick.js';
import type { Scores } from '../scores/scores.js';
import { isAccuracyColumn, readAccuracies } from './accuracies.js';
import { ANY, COUNT, cellsOf, numbered, numbersOf, requireNumbers } from './columns.js';
import { distinctRows } from './distinct-rows.js';
import { readTable, type Table } from './read-csv.js';

/** Scores as a table holds them. */
export interface ScoreTable {
  readonly scores: Scores;
  /** What each network is called, in the order of the scores; absent where the table does not tell. */
  readonly architectures?: readonly string[];
  /** Limits of the run's search, of the costs that the scores have. */
  readonly limits?: Limits;
  /** Rows that tell again what another one told of the same network. */
  readonly repeated: number;
  /** Networks that were left out, as the rating was fitted to them. */
  readonly known?: number;
  /** Names of columns that nothing is made of. */
  readonly unused: readonly string[];
}

/** The fewest networks of which an order says anything. */
const FEWEST = 10;
const KNOWN = ['rating', 'macs', 'params', 'depth', 'latency', 'architecture'];

/**
 * Reads a table of ratings and accuracies: `rating`, `macs`, `params`, and `accuracy` or `accuracy_1`, `accuracy_2`, …;
 * where they are known, `rating_1`, `rating_2`, … of the blocks, `depth`, `latency` and `architecture`, any text by
 * which rows of one network are recognised.
 * @throws DnaError `TABLE_UNREADABLE`, `TABLE_COLUMN`, `TABLE_VALUE`, `TABLE_CONTRADICTION`, `AUDIT_SCORES`.
 */
export function readScores(path: string): ScoreTable {
  const table = readTable(path);
  const columns = {
    rating: requireNumbers(table, 'rating', ANY),
    ...optional('blocks', readBlocks(table)),
    ...readAccuracies(table),
    macs: requireNumbers(table, 'macs', COUNT),
    params: requireNumbers(table, 'params', COUNT),
    ...optional('depth', numbersOf(table, 'depth', COUNT)),
    ...optional('latency', numbersOf(table, 'latency', COUNT)),
  };
  const rows = distinctOf(table, columns);
  const scores = pickRows(columns, rows);
  requireAudible(path, scores);
  const names = cellsOf(table, 'architecture');
  return {
    scores,
    ...(names && { architectures: Array.from(rows, (row) => names[row]!) }),
    repeated: table.rows.length - rows.length,
    unused: unusedColumns(table),
  };
}

/** Columns that an audit knows nothing of. */
export function unusedColumns({ columns }: Table): string[] {
  return columns.filter(
    (name) => !KNOWN.includes(name) && !isAccuracyColumn(name) && !BLOCK_COLUMN.test(name),
  );
}

/** Scores as columns, a row a network or more. */
export type ScoreColumns = Omit<Scores, 'costs'> & Scores['costs'];

function optional<Name extends string, Values>(name: Name, values: Values | undefined) {
  return (values ? { [name]: values } : {}) as { readonly [One in Name]?: Values };
}

/** `rating_1`, `rating_2`, …: of the first block, of the second, … */
const BLOCK_COLUMN = /^rating_(\d+)$/;

/** @throws DnaError `TABLE_VALUE` where they are not what the rating is the sum of */
function readBlocks(table: Table): Float64Array[] | undefined {
  const names = numbered(table.columns, BLOCK_COLUMN);
  const blocks = names.flatMap((name) => numbersOf(table, name) ?? []);
  if (blocks.length === 0) return undefined;
  requireSum(table, requireNumbers(table, 'rating', ANY), blocks);
  return blocks;
}

/** Sums of numbers that are written with all their digits differ by the order of adding alone. */
const ROUNDING = 1e-6;

function requireSum({ path, rows }: Table, rating: Float64Array, blocks: readonly Float64Array[]): void {
  rating.forEach((value, row) => {
    const own = blocks.map((block) => block[row]!);
    const sum = own.reduce((before, one) => before + one, 0);
    const size = own.reduce((before, one) => before + Math.abs(one), 0);
    if (Math.abs(value - sum) <= ROUNDING * size) return;
    const problem = `rating is ${value}`;
    throw wrongValue(path, { line: rows[row]!.line, problem, expected: `the sum of its blocks, ${sum},` });
  });
}

function distinctOf(table: Table, columns: ScoreColumns): Int32Array {
  const names = cellsOf(table, 'architecture');
  return names ? distinctRows(table, names, columns) : Int32Array.from(table.rows.keys());
}

/** The scores of some rows. */
export function pickRows(
  { rating, blocks, operations, accuracy, seeds, ...costs }: ScoreColumns,
  rows: Int32Array,
): Scores {
  const of = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]!);
  const entries = Object.entries(costs).map(([name, values]) => [name, of(values)]);
  return {
    rating: of(rating),
    ...(blocks && { blocks: blocks.map(of) }),
    ...(operations && { operations: operations.map(of) }),
    accuracy: of(accuracy),
    seeds: seeds.map(of),
    costs: Object.fromEntries(entries) as Scores['costs'],
  };
}

/**
 * What statistics of an order want.
 * @throws DnaError `AUDIT_SCORES` for fewer than ten networks, or where all ratings or accuracies are equal.
 */
export function requireAudible(path: string, { rating, accuracy }: Scores): void {
  if (rating.length < FEWEST) throw tooFewScores(path, rating.length, FEWEST);
  for (const [what, values] of Object.entries({ rating, accuracy }) as ['rating', Float64Array][])
    if (values.every((value) => value === values[0])) throw constantScores(path, what);
}
