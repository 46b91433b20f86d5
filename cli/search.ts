import { resolve } from 'node:path';
import { readMachineOptions } from 'dna-nas/configuration';
import { wrongUsage } from 'dna-nas/errors';
import { nodeFiles, writeAtomically } from 'dna-nas/files';
import { latenciesOf, readFinishedTable } from 'dna-nas/latency';
import { type ListedNetwork, type RunSearch, type SearchRunRequest, searchRun } from 'dna-nas/run-tools';
import { csvLine, quoteIfNeeded } from 'dna-nas/run-tools/words';
import { printable } from './printable.js';
import { readLimits } from './read-limits.js';
import { retrainCommand } from './retrain.js';
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
  readonly retrain?: string;
  readonly set?: readonly string[];
  readonly json: boolean;
}

/** `dna search`: the best networks of a run under other limits, from its ratings. Changes nothing of the run. */
export async function searchCommand(folder: string, options: SearchCommandOptions): Promise<void> {
  const { max = [], limits: ownLimits, plugin = [], set = [], csv, json } = options;
  if (json && options.retrain !== undefined) throw trainsNoData(options.retrain);
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
  const retrain = retrainText(answer, { folder, set, name: options.retrain });
  if (csv !== undefined) writeCsv(csv, answer);
  if (json) printJson({ ...answer, retrain });
  else {
    const width = process.stdout.columns;
    const text = searchText(answer, { given: limits, front, retrain, ...(width && { width }) });
    process.stdout.write(`${printable(text)}\n`);
  }
  if (options.retrain === undefined) return;
  const settings = [...set, `name=${options.retrain}`];
  await retrainCommand({ set: settings }, folder, { architecture: answer.best.text });
}

function trainsNoData(name: string): Error {
  return wrongUsage(
    '--retrain tells of a training as it goes on, and --json was given, which prints data alone.',
    `Search with --json, then train: dna search RUN --retrain ${quoteIfNeeded(name)}`,
  );
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

interface RetrainRequest {
  readonly folder: string;
  readonly set: readonly string[];
  /** Of the run that trains it. @default what the limits make */
  readonly name: string | undefined;
}

/** The command that trains the best network as the run would have, under a name that the limits make. */
function retrainText({ run, limits, best }: RunSearch, { folder, set, name: own }: RetrainRequest): string {
  const parts = Object.entries(limits).map(([cost, limit]) => `${cost}-${limit}`);
  const name = own ?? [run, ...(parts.length > 0 ? parts : ['best'])].join('-');
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
