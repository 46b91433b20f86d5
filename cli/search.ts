import { resolve } from 'node:path';
import { wrongUsage } from 'dna-nas/core';
import { nodeFiles, writeAtomically } from 'dna-nas/files';
import { latenciesOf, readFinishedTable } from 'dna-nas/latency';
import {
  csvLine,
  type ListedNetwork,
  quoteIfNeeded,
  type RunSearch,
  type SearchRunRequest,
  searchRun,
} from 'dna-nas/run-tools';
import { readMachineOptions } from './machine-options.js';
import { printable } from './printable.js';
import { readLimits } from './read-limits.js';
import { columnsOf, searchText } from './search-text.js';
import { printJson } from './table.js';
import { readWholeNumber } from './whole-number.js';

export interface SearchCommandOptions {
  readonly max?: readonly string[];
  /** False by `--no-limits`. */
  readonly limits: boolean;
  readonly top: string;
  readonly front?: string;
  readonly csv?: string;
  readonly plugin?: readonly string[];
  readonly latency?: string;
  readonly set?: readonly string[];
  readonly json: boolean;
}

/** `dna search`: the best networks of a run under other limits, from its ratings. Changes nothing of the run. */
export async function searchCommand(folder: string, options: SearchCommandOptions): Promise<void> {
  const { max = [], limits: ownLimits, plugin = [], set = [], csv, json } = options;
  const limits = readLimits('--max', max);
  const front = options.front === undefined ? undefined : readFront(options.front);
  const machine = readMachineOptions(set);
  const query = {
    limits,
    ownLimits,
    top: readWholeNumber('--top', options.top, TOP),
    ...(front && { front }),
  };
  const costs = options.latency === undefined ? undefined : latencyCosts(options.latency);
  const answer = await searchRun({ folder, machine, plugins: plugin, ...(costs && { costs }), ...query });
  const retrain = retrainCommand(answer, { folder, set });
  if (csv !== undefined) writeCsv(csv, answer);
  if (json) printJson({ ...answer, retrain });
  else {
    const width = process.stdout.columns;
    const text = searchText(answer, { given: limits, front, retrain, ...(width && { width }) });
    process.stdout.write(`${printable(text)}\n`);
  }
}

/** Milliseconds by a table. */
function latencyCosts(file: string): NonNullable<SearchRunRequest['costs']> {
  const table = readFinishedTable(resolve(file));
  return (counted) => latenciesOf(table, counted, file).costs;
}

const TOP = { least: 1, most: 10_000, example: 20 };

function readFront(text: string): string[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (names.length >= 2) return names;
  throw wrongUsage(
    `--front is ${JSON.stringify(text)}; two or more of rating and the costs are expected, with commas.`,
    'Say, --front rating,macs.',
  );
}

interface RetrainPlace {
  readonly folder: string;
  readonly set: readonly string[];
}

/** The command that trains the best network as the run would have, under a name that the limits make. */
function retrainCommand({ run, limits, best }: RunSearch, { folder, set }: RetrainPlace): string {
  const parts = Object.entries(limits).map(([name, limit]) => `${name}-${limit}`);
  const name = [run, ...(parts.length > 0 ? parts : ['best'])].join('-');
  const settings = [`name=${name}`, ...set].map((setting) => `--set ${quoteIfNeeded(setting)}`);
  const words = [quoteIfNeeded(folder), '--architecture', quoteIfNeeded(best.text), ...settings];
  return `dna retrain ${words.join(' ')}`;
}

function writeCsv(file: string, answer: RunSearch): void {
  const networks = answer.front ?? answer.top;
  const columns = columnsOf(answer);
  const rowOf = (one: ListedNetwork, index: number) =>
    csvLine([index + 1, one.text, ...columns.map(({ read }) => read(one))]);
  const lines = [
    csvLine(['rank', 'architecture', ...columns.map(({ name }) => name)]),
    ...networks.map(rowOf),
  ];
  writeAtomically(nodeFiles, resolve(file), Buffer.from(`${lines.join('\n')}\n`));
  process.stderr.write(`${printable(`Written as ${file}: ${networks.length} networks.`)}\n`);
}
