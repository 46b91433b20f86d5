import { createHash } from 'node:crypto';
import { DnaError } from 'dna-nas/errors';

/** One network of the benchmark. */
export interface BenchmarkRow {
  /** Eight digits. */
  readonly architecture: string;
  /** Best test accuracy over the epochs by each seed, as a share of 10,000 images: 0 to 1. */
  readonly accuracies: readonly number[];
  readonly params: number;
  readonly macs: number;
}

/** SHA-256 of `00000000,45.32,45.33,45.44,387882,7713280` and so on, a line a network in the order of the digits. */
const SHA256 = 'f28782c9a4e604e5f556e44069d056b6fae2d4e221872512931359cd5fd95421';
const HEADER = 'arch,acc0,acc1,acc2,params,flops';
const SEEDS = 3;

/**
 * Reads the benchmark's JSON, or the same rows as CSV, in the order of the digits. `name` stands in messages.
 * @throws DnaError `DATA_CORRUPT` unless these are the benchmark's 6,561 networks, each with its own figures
 */
export function parseBenchmark(text: string, name: string): BenchmarkRow[] {
  const lines = (text.trimStart().startsWith('{') ? linesOfJson(text, name) : linesOfCsv(text, name)).sort();
  const found = createHash('sha256')
    .update(`${lines.join('\n')}\n`)
    .digest('hex');
  if (found !== SHA256)
    throw corrupt(name, `it has ${lines.length} rows of SHA-256 ${found}`, `the 6561 of SHA-256 ${SHA256}`);
  return lines.map(readLine);
}

/** `{ "00000000": { "test_acc": [45.3, …], "params": 387882, "flops": 7713280, … }, … }` */
function linesOfJson(text: string, name: string): string[] {
  try {
    const table = JSON.parse(text) as Record<string, { test_acc: number[]; params: number; flops: number }>;
    return Object.entries(table).map(([architecture, { test_acc, params, flops }]) =>
      formatLine(architecture, test_acc, [params, flops]),
    );
  } catch (error) {
    throw corrupt(name, (error as Error).message, 'the JSON of the benchmark');
  }
}

function linesOfCsv(text: string, name: string): string[] {
  const [header, ...rows] = text.trim().split(/\r?\n/);
  if (header !== HEADER)
    throw corrupt(name, `it begins with ${JSON.stringify(header?.slice(0, 60))}`, HEADER);
  return rows.map((row) => {
    const [architecture = '', ...figures] = row.split(',');
    const numbers = figures.map(Number);
    return formatLine(architecture, numbers.slice(0, SEEDS), numbers.slice(SEEDS));
  });
}

/** Accuracies of 10,000 images have two decimals in percent; what float32 made of them is rounded away. */
function formatLine(architecture: string, percent: readonly number[], counts: readonly number[]): string {
  return [architecture, ...percent.map((value) => value.toFixed(2)), ...counts].join(',');
}

function readLine(line: string): BenchmarkRow {
  const [architecture, ...figures] = line.split(',');
  const numbers = figures.map(Number);
  const [params, macs] = numbers.slice(SEEDS) as [number, number];
  const accuracies = numbers.slice(0, SEEDS).map((percent) => Math.round(100 * percent) / 10_000);
  return { architecture: architecture!, accuracies, params, macs };
}

function corrupt(name: string, found: string, expected: string): DnaError {
  return new DnaError(
    'DATA_CORRUPT',
    `${name} is not the table of NAS-Bench-Macro: ${found}; expected ${expected}.`,
    'Get the file again: data/nas-bench-macro_cifar10.json of github.com/xiusu/NAS-Bench-Macro.',
  );
}
