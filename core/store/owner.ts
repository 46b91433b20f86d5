import { join } from 'node:path';
import { ownerLost, reading, runOwned } from './errors.js';
import { type FileLayer, ifExists } from './file-layer.js';
import { type ProcessIdentity, processState } from './process-identity.js';
import { openSealedJson, sealJson } from './sealed-json.js';
import { attempt, createOnce } from './write-atomically.js';

/** Who may write to a run. The owner with the highest number is the owner; a number is never used twice. */
export interface Owner extends ProcessIdentity {
  readonly number: number;
  /** When it took the run, ISO 8601. */
  readonly since: string;
}

export interface OwnerOptions {
  readonly files: FileLayer;
  /** The `lock` folder of a run. */
  readonly folder: string;
  /** For messages. */
  readonly run: string;
  readonly process: ProcessIdentity;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Takes the run from an owner that cannot be judged from here. */
  readonly takeOver: boolean;
}

/** Others that may win the same number while this one looks. */
const ATTEMPTS = 100;

/**
 * Takes a run, or refuses. Owners are files `<number>.json` that only `link` creates, each one number above the last:
 * of any number of processes that saw the same last owner gone, one gets the next number.
 * @throws DnaError `RUN_OWNED` naming the owner.
 */
export function takeOwnership(options: OwnerOptions): Owner {
  const { files, folder, clock } = options;
  for (let attempts = 0; attempts < ATTEMPTS; attempts++) {
    const last = lastNumber(files, folder);
    if (!mayFollow(last, options)) continue;
    const owner: Owner = { ...options.process, number: last + 1, since: new Date(clock()).toISOString() };
    const path = ownerPath(folder, owner.number);
    if (!createOnce(files, path, sealJson(owner, `lock/${owner.number}.json`))) continue;
    // A number that was swept while this process slept can be created again; the higher one is the owner.
    if (lastNumber(files, folder) === owner.number) {
      attempt(() => sweep(files, folder, owner.number));
      return owner;
    }
    attempt(() => files.unlink(path));
  }
  throw runOwned(`${options.run} is being taken by many processes at once.`, 'Run the command again.');
}

/** @throws DnaError `OWNER_LOST` unless the owner with `number` holds the run. */
export function requireOwner(files: FileLayer, folder: string, number: number): void {
  const last = lastNumber(files, folder);
  if (last !== number) throw ownerLost(`owner ${last} took it from owner ${number}`);
  if (isReleased(files, folder, number)) throw ownerLost(`owner ${number} released it`);
}

/** Gives the run up; its number stays used. */
export function releaseOwnership(files: FileLayer, folder: string, number: number): void {
  if (lastNumber(files, folder) === number) createOnce(files, releasedPath(folder, number), new Uint8Array());
}

/** The owner that holds the run now, if any does; it may be dead. */
export function currentOwner(files: FileLayer, folder: string): Owner | undefined {
  const last = lastNumber(files, folder);
  return last === 0 || isReleased(files, folder, last) ? undefined : readOwner(files, folder, last);
}

/** False where the last owner changed meanwhile. */
function mayFollow(last: number, options: OwnerOptions): boolean {
  const { files, folder, takeOver } = options;
  if (last === 0 || isReleased(files, folder, last)) return true;
  let owner: Owner | undefined;
  try {
    owner = readOwner(files, folder, last);
  } catch (error) {
    if (!takeOver) throw error;
    return true;
  }
  if (!owner) return false;
  const state = processState(owner, options.process);
  if (state === 'alive') throw refusal(owner, options, 'Wait for it, or stop it and run this again.');
  if (state === 'elsewhere' && !takeOver) {
    throw refusal(owner, options, 'If that process has ended, run this again with --take-over.');
  }
  return true;
}

function refusal(owner: Owner, { run, clock }: OwnerOptions, fix: string): Error {
  const age = describeAge(clock() - Date.parse(owner.since));
  return runOwned(
    `${run} is owned by process ${owner.pid} on ${owner.host} since ${owner.since} (${age}).`,
    fix,
  );
}

function describeAge(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

/** 0 where nobody ever owned the run. */
function lastNumber(files: FileLayer, folder: string): number {
  const names = reading('lock', () => files.readdir(folder));
  return names.reduce((last, name) => Math.max(last, numberOf(name)), 0);
}

function numberOf(name: string): number {
  return Number(/^(\d{1,15})\.json$/.exec(name)?.[1] ?? 0);
}

function readOwner(files: FileLayer, folder: string, number: number): Owner | undefined {
  const bytes = reading('lock', () => ifExists(() => files.readFile(ownerPath(folder, number))));
  if (!bytes) return undefined;
  const fix = 'Make sure that no process works on this run, then run this again with --take-over.';
  return openSealedJson(bytes, `lock/${number}.json`, fix) as unknown as Owner;
}

/** Removes the files of the owners before this one. */
function sweep(files: FileLayer, folder: string, number: number): void {
  for (const name of files.readdir(folder)) {
    const other = Number.parseInt(name, 10);
    if (other < number) attempt(() => files.unlink(join(folder, name)));
  }
}

function ownerPath(folder: string, number: number): string {
  return join(folder, `${number}.json`);
}

function releasedPath(folder: string, number: number): string {
  return join(folder, `${number}.released`);
}

function isReleased(files: FileLayer, folder: string, number: number): boolean {
  return reading('lock', () => ifExists(() => files.stat(releasedPath(folder, number)))) !== undefined;
}
