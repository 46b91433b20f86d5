import { readFileSync } from 'node:fs';
import { reasonOf } from 'dna-nas/errors';
import { notATable, unfinishedTable } from '../errors.js';
import { FORMAT, type LatencyTable, missingSamples } from './latency-table.js';

/** A table, finished or not; `shown` names it in errors. @throws DnaError `LATENCY_TABLE` where the file is none */
export function readTable(file: string, shown = file): LatencyTable {
  let table: unknown;
  try {
    table = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw notATable(shown, `it cannot be read (${reasonOf(cause, process.cwd())})`);
  }
  const problem = problemOf(table);
  if (problem !== undefined) throw notATable(shown, problem);
  return table as LatencyTable;
}

/** A table in which nothing is missing. @throws DnaError `LATENCY_TABLE`, `LATENCY_UNFINISHED` */
export function readFinishedTable(file: string, shown = file): LatencyTable {
  const table = readTable(file, shown);
  const missing = missingSamples(table);
  if (missing > 0) throw unfinishedTable(shown, missing);
  return table;
}

type Fields = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
const isPositive = (value: unknown) => Number.isInteger(value) && (value as number) >= 1;
const isTime = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isList = (isOne: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(isOne);
const isShape = (value: unknown) => isList(isPositive)(value) && (value as unknown[]).length === 3;

const SAMPLES: Fields = { samples: isList(isTime) };
const LAYER: Fields = {
  ...{ layer: isText, input: isShape, output: isShape, macs: isCount, params: isCount },
  ...SAMPLES,
};
const NETWORK: Fields = { architecture: isText, ...SAMPLES };
const TABLE: Fields = {
  ...{ space: isText, image: isShape, classes: isPositive, runtime: isText, machine: isText },
  ...{ threads: isPositive, batch: isPositive, rounds: isPositive },
  ...{ layers: Array.isArray, networks: Array.isArray },
};

/** The first thing that is not as it should be. */
function problemOf(table: unknown): string | undefined {
  const { format, layers, networks } = (table ?? {}) as Partial<LatencyTable>;
  if (format !== FORMAT) return `its format is ${JSON.stringify(format)}, expected ${JSON.stringify(FORMAT)}`;
  return (
    wrongField(table, TABLE, 'its') ??
    firstOf(layers!, (row, index) => wrongField(row, LAYER, `of layer ${index + 1} the`)) ??
    firstOf(networks!, (row, index) => wrongField(row, NETWORK, `of network ${index + 1} the`))
  );
}

function firstOf<Row>(rows: readonly Row[], find: (row: Row, index: number) => string | undefined) {
  for (const [index, row] of rows.entries()) {
    const found = find(row, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongField(value: unknown, fields: Fields, whose: string): string | undefined {
  const given = (value ?? {}) as Readonly<Record<string, unknown>>;
  const wrong = Object.keys(fields).find((name) => !fields[name]!(given[name]));
  return wrong && `${whose} "${wrong}" is ${JSON.stringify(given[wrong])?.slice(0, 40)}`;
}
