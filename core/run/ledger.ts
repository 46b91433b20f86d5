import type { LedgerRow, RunSummary } from '../stages/index.js';
import type { AttachedRunFolder } from '../store/index.js';
import { readOutcome, secondsByStage } from './outcome.js';

/** Seconds by what they were spent on: `distill.teacher`. */
type Spent = Readonly<Record<string, number>>;

const SEARCH = 'search';
/** Of tasks that other processes executed, as jobs of a cluster. */
const ELSEWHERE = 'elsewhere';

/**
 * What a run's threads have spent their time on, over all starts and in all processes. What a killed process has spent
 * since its last entry is in no ledger. Empty where an earlier version did the run.
 */
export function readLedger(folder: AttachedRunFolder): LedgerRow[] {
  const devices = new Map<string, Spent[]>();
  const add = (device: string, spent: Spent) => devices.set(device, [...(devices.get(device) ?? []), spent]);
  for (const { event, devices: booked } of folder.readJournal()) {
    if (event !== 'timeSpent') continue;
    for (const [device, spent] of Object.entries((booked ?? {}) as Record<string, Spent>)) add(device, spent);
  }
  for (const task of folder.taskIds())
    for (const { spent } of folder.readClaims(task)) if (spent) add(ELSEWHERE, spent as Spent);
  const rows = (stage: LedgerRow['stage']) =>
    [...devices].flatMap(([device, spent]) => rowOf(stage, device, spent));
  const [before, after] = [[...rows('distill'), ...rows('rank')], rows('retrain')];
  if (before.length + after.length === 0) return [];
  return [...before, ...searchRow(secondsByStage(folder)[SEARCH]), ...after];
}

/** The ledger as a part of a summary. */
export function ledgerOf(folder: AttachedRunFolder): Pick<RunSummary, 'ledger'> {
  const ledger = readLedger(folder);
  return ledger.length > 0 ? { ledger } : {};
}

/** The summary of a complete run as its reports are told it; undefined while it is not complete. */
export function readSummary(folder: AttachedRunFolder): RunSummary | undefined {
  const outcome = readOutcome(folder);
  return outcome && { ...outcome, ...ledgerOf(folder) };
}

function rowOf(stage: LedgerRow['stage'], device: string, spent: readonly Spent[]): LedgerRow[] {
  const sum = (on: string) => spent.reduce((seconds, one) => seconds + (one[`${stage}.${on}`] ?? 0), 0);
  const seconds = sum('tasks');
  if (seconds === 0) return [];
  const known = {
    teacher: sum('teacher'),
    data: sum('data'),
    threads: sum('wait'),
    checkpoints: sum('checkpoint'),
  };
  const others = Object.values(known).reduce((all, one) => all + one, 0);
  return [{ stage, device, seconds, compute: Math.max(0, seconds - others), ...known }];
}

/** A search computes, on one thread, and does nothing else. */
function searchRow(seconds: number | undefined): LedgerRow[] {
  if (seconds === undefined) return [];
  const nothing = { teacher: 0, data: 0, threads: 0, checkpoints: 0 };
  return [{ stage: SEARCH, device: '', seconds, compute: seconds, ...nothing }];
}
