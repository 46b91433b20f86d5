import { join } from 'node:path';
import { reading } from '../errors.js';
import { type FileLayer, ifExists } from '../file-layer.js';
import { openSealedJson, sealJson } from '../sealed-json.js';
import { attempt, createOnce } from '../write-atomically.js';
import { type ProcessIdentity, processState } from './process-identity.js';

/** Who may write to something: a run, or one of its tasks. The highest number is the owner; a number is never used twice. */
export interface Owner extends ProcessIdentity {
  readonly number: number;
  /** When it became the owner, ISO 8601. */
  readonly since: string;
  /** Seconds without a renewal after which other hosts take it for gone. Absent: they never do by themselves. */
  readonly leaseSeconds?: number;
  /** Of a task's owner: number of the run's owner that it works for. Absent: it works for itself. */
  readonly run?: number;
}

/** Something that one process at a time writes to. */
export interface Ownable {
  readonly files: FileLayer;
  /** Absolute path of the folder of its owners. */
  readonly folder: string;
  /** That folder's name, for messages: `lock`. */
  readonly name: string;
}

/** Who wants it, and which owners may be followed. */
export interface TakeOptions {
  readonly process: ProcessIdentity;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Follows an owner that cannot be judged from here. */
  readonly takeOver: boolean;
  /** What the owner's file says beside its process. */
  readonly facts?: Pick<Owner, 'leaseSeconds' | 'run'>;
  /** Whether an owner has lost its right, though its process may live. @default none has */
  superseded?(owner: Owner): boolean;
  /** Whether an owner that cannot be judged by its process has shown no life for long. @default none has */
  lapsed?(owner: Owner): boolean;
}

/** What came of an attempt: the new owner, or the one that stays. */
export interface Taking {
  readonly taken: boolean;
  readonly owner: Owner;
}

/** Others that may win the same number while this one looks. */
const ATTEMPTS = 100;

/**
 * Becomes the owner, unless there is one that may not be followed. Owners are files `<number>.json` that only `link`
 * creates, each one number above the last: of any number of processes that saw the same last owner gone, one gets the
 * next number. Undefined where so many try that none can be told from the others.
 */
export function takeOwnership(ownable: Ownable, options: TakeOptions): Taking | undefined {
  const { files, folder, name } = ownable;
  for (let attempts = 0; attempts < ATTEMPTS; attempts++) {
    const last = lastNumber(ownable);
    const found = lastOwner(ownable, last, options);
    if (found === 'changed') continue;
    if (found && !mayFollow(found, options)) return { taken: false, owner: found };
    const owner: Owner = {
      ...options.process,
      ...options.facts,
      number: last + 1,
      since: new Date(options.clock()).toISOString(),
    };
    const path = ownerPath(folder, owner.number);
    if (!createOnce(files, path, sealJson(owner, `${name}/${owner.number}.json`))) continue;
    // A number that an older version swept while this process slept can be created again; the higher one is the owner.
    if (lastNumber(ownable) === owner.number) {
      attempt(() => sweep(ownable, owner.number));
      return { taken: true, owner };
    }
    attempt(() => files.unlink(path));
  }
  return undefined;
}

/** Why the owner with `number` is the owner no longer; undefined while it is. */
export function lossOf(ownable: Ownable, number: number): string | undefined {
  const last = lastNumber(ownable);
  if (last > number) return `owner ${last} took it from owner ${number}`;
  if (!isShown(ownable, number, last)) return `the file of owner ${number} is gone`;
  return isReleased(ownable, number) ? `owner ${number} released it` : undefined;
}

/** Whether nobody has followed an owner. A folder's listing may be older than the owner's own file. */
export function isLast(ownable: Ownable, number: number): boolean {
  const last = lastNumber(ownable);
  return last <= number && isShown(ownable, number, last);
}

/** Whether a number that none is above is there, in the listing or by its name. */
function isShown(ownable: Ownable, number: number, last: number): boolean {
  return last === number || hasFile(ownable, ownerPath(ownable.folder, number));
}

/** Gives it up; the number stays used. */
export function releaseOwnership(ownable: Ownable, number: number): void {
  if (isLast(ownable, number))
    createOnce(ownable.files, releasedPath(ownable.folder, number), new Uint8Array());
}

/** The owner now, if there is one; its process may have died. */
export function currentOwner(ownable: Ownable): Owner | undefined {
  const last = lastNumber(ownable);
  return last === 0 || isReleased(ownable, last) ? undefined : readOwner(ownable, last);
}

/** For people: `process 7 on host-a since 2026-01-01T00:00:00.000Z`. */
export function describeOwner({ pid, host, since }: Owner): string {
  return `process ${pid} on ${host} since ${since}`;
}

/**
 * 0 where there never was an owner. Other machines may see what is in a folder late, and no name that they ask for: all
 * numbers that were used are there.
 */
export function lastNumber(ownable: Ownable): number {
  const { files, folder, name } = ownable;
  const names = reading(name, () => ifExists(() => files.readdir(folder)) ?? []);
  let last = names.reduce((found, file) => Math.max(found, numberOf(file)), 0);
  while (hasFile(ownable, ownerPath(folder, last + 1))) last++;
  return last;
}

/** Undefined where whoever comes next may take it. */
function lastOwner(ownable: Ownable, last: number, { takeOver }: TakeOptions): Owner | 'changed' | undefined {
  if (last === 0 || isReleased(ownable, last)) return undefined;
  try {
    return readOwner(ownable, last) ?? 'changed';
  } catch (error) {
    if (!takeOver) throw error;
    return undefined;
  }
}

function mayFollow(owner: Owner, options: TakeOptions): boolean {
  if (options.superseded?.(owner)) return true;
  const state = processState(owner, options.process);
  if (state !== 'elsewhere') return state === 'gone';
  return options.takeOver || (options.lapsed?.(owner) ?? false);
}

function numberOf(name: string): number {
  return Number(/^(\d{1,15})\.json$/.exec(name)?.[1] ?? 0);
}

function readOwner({ files, folder, name }: Ownable, number: number): Owner | undefined {
  const bytes = reading(name, () => ifExists(() => files.readFile(ownerPath(folder, number))));
  if (!bytes) return undefined;
  const fix = 'Make sure that no process works on it, then run this again with --take-over.';
  return openSealedJson(bytes, `${name}/${number}.json`, fix) as unknown as Owner;
}

/** Removes what earlier owners left, but for their numbers and journals. */
function sweep({ files, folder }: Ownable, number: number): void {
  for (const name of files.readdir(folder)) {
    const [, other] = /^(\d+)\.(?:released|renewed)$/.exec(name) ?? [];
    if (other !== undefined && Number(other) < number) attempt(() => files.unlink(join(folder, name)));
  }
}

function ownerPath(folder: string, number: number): string {
  return join(folder, `${number}.json`);
}

function releasedPath(folder: string, number: number): string {
  return join(folder, `${number}.released`);
}

function isReleased(ownable: Ownable, number: number): boolean {
  return hasFile(ownable, releasedPath(ownable.folder, number));
}

function hasFile({ files, name }: Ownable, path: string): boolean {
  return reading(name, () => ifExists(() => files.stat(path))) !== undefined;
}
