import { basename, resolve } from 'node:path';
import {
  type Audit,
  type AuditOptions,
  auditRun,
  auditScores,
  checkedOptions,
  formatScores,
  readRunScores,
  readScores,
  type ScoreTable,
  usualResamples,
} from 'dna-nas/audit';
import { readMachineOptions } from 'dna-nas/configuration';
import { counted, wrongUsage } from 'dna-nas/errors';
import { isFolder, nodeFiles, writeAtomically } from 'dna-nas/files';
import { reportRun } from 'dna-nas/run-tools';
import { auditText } from './audit-text.js';
import { printable } from './printable.js';
import { readLimits } from './read-limits.js';
import { printJson } from './table.js';
import { readWholeNumber } from './whole-number.js';

export interface AuditCommandOptions {
  readonly truth?: string;
  readonly scores?: string;
  readonly set?: readonly string[];
  readonly seed?: string;
  readonly resamples?: string;
  readonly fit?: string;
  readonly max?: readonly string[];
  readonly json: boolean;
}

/** `dna audit`: whether a rating orders networks better than their sizes do, by accuracies that are known. */
export async function auditCommand(input: string, options: AuditCommandOptions): Promise<void> {
  const request = readRequest(options);
  if (isFolder(input)) return auditRunCommand(input, request, options);
  for (const option of ['truth', 'scores'] as const)
    if (options[option] !== undefined) throw notWanted(`--${option}`, input);
  const table = readScores(input);
  const checked = checkedOptions(request, table, input);
  tellTable(table, request);
  show(auditScores(table.scores, checked), table, options);
}

async function auditRunCommand(
  folder: string,
  request: AuditOptions,
  { truth, scores, set = [], json }: AuditCommandOptions,
): Promise<void> {
  if (truth === undefined) throw truthMissing(folder);
  const machine = readMachineOptions(set);
  const table = await readRunScores({ folder, truth, machine });
  const checked = checkedOptions(request, table, truth);
  tellTable(table, request);
  if (scores !== undefined) writeScores(scores, table, { folder, truth });
  const { audit, kept } = auditRun({ folder, scores: table.scores }, checked);
  show(audit, table, { json });
  if (!kept)
    return tell(`Another process works on ${folder}: audit.json is not written. Audit it again later.`);
  await reportRun({ folder, machine, without: ['report-console'] });
  tell(`Kept as ${folder}/audit.json; ${folder}/report.html shows it.`);
}

function truthMissing(run: string) {
  return wrongUsage(
    `${run} is a run, and --truth was not given; accuracies of networks are expected, to hold its ratings to.`,
    'Say --truth FILE; `dna truth` makes such a file.',
  );
}

function notWanted(option: string, table: string) {
  return wrongUsage(
    `${option} goes with the folder of a run, and ${table} is none.`,
    `Name a run, or leave out ${option}: a table has ratings and accuracies itself.`,
  );
}

/** Whoever has the file can repeat the audit without run and truth. */
function writeScores(
  file: string,
  table: ScoreTable,
  { folder, truth }: { readonly folder: string; readonly truth: string },
): void {
  const comments = [`Ratings of the run ${basename(folder)} with the accuracies of ${basename(truth)}.`];
  writeAtomically(nodeFiles, resolve(file), Buffer.from(formatScores(table, comments)));
  tell(`Written as ${file}.`);
}

function show(audit: Audit, { architectures }: ScoreTable, { json }: { json: boolean }): void {
  if (json) printJson(audit);
  else process.stdout.write(`${printable(auditText(audit, architectures))}\n`);
}

function tellTable({ scores, repeated, known = 0, unused }: ScoreTable, { resamples }: AuditOptions): void {
  const networks = scores.rating.length;
  if (repeated > 0)
    tell(
      `${counted(repeated, 'row')} ${repeated === 1 ? 'repeats a network and counts' : 'repeat a network and count'} once with it.`,
    );
  if (known > 0)
    tell(
      `${counted(known, 'network')} ${known === 1 ? 'is' : 'are'} left out: the scale of the ratings was fitted to them.`,
    );
  if (unused.length > 0) tell(`Columns that are not used: ${unused.join(', ')}.`);
  if (networks > MANY)
    tell(`${networks} networks, ${resamples ?? usualResamples(networks)} resamples: this takes a moment.`);
}

/** What the user waits for is said first. */
const MANY = 2000;

function tell(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

const MOST_RESAMPLES = 100_000;
/** Fewer than three networks have no order that weights could be fitted to. */
const FIT = { least: 3, most: 100_000, example: 3 };
function readRequest({ seed, resamples, fit, max = [] }: AuditCommandOptions): AuditOptions {
  return {
    limits: readLimits('--max', max),
    ...(fit !== undefined && { fit: fit.split(',').map((one) => readWholeNumber('--fit', one.trim(), FIT)) }),
    ...(seed !== undefined && {
      seed: readWholeNumber('--seed', seed, { least: 0, most: Number.MAX_SAFE_INTEGER, example: 1 }),
    }),
    ...(resamples !== undefined && {
      resamples: readWholeNumber('--resamples', resamples, {
        least: 100,
        most: MOST_RESAMPLES,
        example: 100,
      }),
    }),
  };
}
