import { grouped } from 'dna-nas/errors';
import { type ListedRun, listRuns, type RunSelection, selectRuns } from 'dna-nas/run-tools/runs';
import { printable } from './printable.js';
import { formatTable, printJson } from './table.js';

/** `dna runs`: the runs of a folder. */
export function runsCommand(folder: string, options: RunSelection & { readonly json: boolean }): void {
  const runs = selectRuns(listRuns(folder), options);
  if (options.json) printJson({ runs });
  else process.stdout.write(`${printable(describe(folder, runs))}\n`);
}

function describe(folder: string, runs: readonly ListedRun[]): string {
  if (runs.length === 0) return `No such runs in ${folder}.`;
  const problems = runs.filter(({ state }) => state === 'damaged');
  return [
    formatTable([
      ['run', 'preset', 'state', 'time', 'accuracy', 'rating', 'parameters', 'multiply-adds', 'found'],
      ...runs.map(rowOf),
    ]),
    ...problems.map(({ name, problem }) => `${name}: ${problem} \`dna verify\` says more.`),
  ].join('\n');
}

/** Characters of an architecture that are shown; all are in the data. */
const MOST_FOUND = 40;

function rowOf(run: ListedRun): string[] {
  const { name, preset, state, stage, seconds, accuracy, interval, rating, params, macs, found } = run;
  return [
    ...[name, preset ?? '', stage ? `${state} after ${stage}` : state],
    seconds === undefined ? '' : timeText(seconds),
    accuracy === undefined ? '' : accuracyText(accuracy, interval),
    rating === undefined ? '' : String(Number(rating.toPrecision(4))),
    params === undefined ? '' : grouped(params),
    macs === undefined ? '' : grouped(macs),
    found === undefined ? '' : found.length > MOST_FOUND ? `${found.slice(0, MOST_FOUND - 1)}…` : found,
  ];
}

function accuracyText(accuracy: number, interval: ListedRun['interval']): string {
  const reach = interval && ` ±${(50 * (interval[1] - interval[0])).toFixed(2)}`;
  return `${(100 * accuracy).toFixed(2)} %${reach ?? ''}`;
}

function timeText(seconds: number): string {
  const minutes = seconds / 60;
  if (minutes < 1) return `${Math.round(seconds)} s`;
  return minutes < 90 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(1)} h`;
}
