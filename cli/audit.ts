import {
  type Audit,
  type AuditOptions,
  auditScores,
  readScores,
  type ScoreTable,
  usualResamples,
} from 'dna-nas/audit';
import { wrongUsage } from 'dna-nas/core';
import { auditText } from './audit-text.js';
import { printable } from './printable.js';
import { printJson } from './table.js';

export interface AuditCommandOptions {
  readonly seed?: string;
  readonly resamples?: string;
  readonly json: boolean;
}

/** `dna audit`: whether a rating orders networks better than their sizes do, by accuracies that are known. */
export async function auditCommand(input: string, options: AuditCommandOptions): Promise<void> {
  const request = readRequest(options);
  const table = readScores(input);
  tellTable(table, request);
  show(auditScores(table.scores, request), options);
}

function show(audit: Audit, { json }: { json: boolean }): void {
  if (json) printJson(audit);
  else process.stdout.write(`${printable(auditText(audit))}\n`);
}

function tellTable({ scores, repeated, unused }: ScoreTable, { resamples }: AuditOptions): void {
  const networks = scores.rating.length;
  if (repeated > 0) tell(`${repeated} rows repeat a network and count once with it.`);
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

function readRequest({ seed, resamples }: AuditCommandOptions): AuditOptions {
  return {
    ...(seed !== undefined && {
      seed: wholeNumber('--seed', seed, { least: 0, most: Number.MAX_SAFE_INTEGER }),
    }),
    ...(resamples !== undefined && {
      resamples: wholeNumber('--resamples', resamples, { least: 100, most: MOST_RESAMPLES }),
    }),
  };
}

function wholeNumber(option: string, text: string, { least, most }: { least: number; most: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw wrongUsage(
    `${option} is ${JSON.stringify(text)}; a whole number from ${least} to ${most} is expected.`,
    `Say, ${option} ${Math.max(least, 1)}.`,
  );
}
