import { createHash } from 'node:crypto';
import { DnaError } from 'dna-nas/errors';
import type { Disk } from './disk.js';
import { corrupt } from './errors.js';
import type { JournalSeal } from './journal.js';
import { isPlainObject } from './plain.js';
import { openSealedJson, sealJson } from './sealed-json.js';

/** What an output must be. */
export interface OutputSeal {
  readonly sha256: string;
  /** What it may be as well, as long as it is being replaced; null: not there. */
  readonly was?: string | null;
  /** Written by a report rather than by the store: it may change with the report. */
  readonly report?: true;
}

export interface SealsRead {
  readonly seals: ReadonlyMap<string, OutputSeal>;
  /** How far the journal had come when a stage or the run last ended. */
  readonly journal: JournalSeal | undefined;
  /** What is wrong with the manifest itself. */
  readonly problem: string | undefined;
}

const FIX = 'Run the same command again: the outputs are sealed anew as they are.';

/**
 * The manifest of a folder's outputs: files for people and other programs, which cannot carry a seal themselves. An
 * output's new hash is written down before the output, beside the old one, so that a crash between the two leaves
 * nothing that looks damaged.
 */
export class OutputSeals {
  readonly #disk: Disk;
  readonly #manifest: string;

  /** @param manifest name of its file. */
  constructor(disk: Disk, manifest: string) {
    this.#disk = disk;
    this.#manifest = manifest;
  }

  read(): SealsRead {
    const bytes = this.#disk.read(this.#manifest);
    if (!bytes) return { seals: new Map(), journal: undefined, problem: undefined };
    try {
      const { outputs, journal } = openSealedJson(bytes, this.#manifest, FIX);
      if (!isPlainObject(outputs) || !Object.values(outputs).every(isSeal) || !isJournalSeal(journal))
        throw corrupt(this.#manifest, 'it is no list of outputs', FIX);
      const seals = new Map(Object.entries(outputs as Record<string, OutputSeal>));
      return { seals, journal, problem: undefined };
    } catch (error) {
      if (!(error instanceof DnaError)) throw error;
      return { seals: new Map(), journal: undefined, problem: error.message };
    }
  }

  /** Before an output is written. False where the disk has it already, sealed. */
  announce(name: string, bytes: Uint8Array): boolean {
    const seals = new Map(this.read().seals);
    const seal = seals.get(name);
    const sha256 = hashOf(bytes);
    const was = this.#hashOnDisk(name);
    if (was === sha256 && seal?.sha256 === sha256 && seal.was === undefined) return false;
    seals.set(name, was === sha256 ? { sha256 } : { sha256, was });
    this.#write(seals);
    return was !== sha256;
  }

  /** Forgets what outputs were before, where they are what they should be. */
  settle(): void {
    const { seals } = this.read();
    if (![...seals.values()].some(({ was }) => was !== undefined)) return;
    this.#write(new Map([...seals].map(([name, seal]) => [name, this.#settled(name, seal)])));
  }

  /** Seals as they are the files that reports wrote; `all`: every file, after the manifest was lost. */
  sealReports(names: readonly string[], all = false): void {
    const { seals } = this.read();
    const fresh = new Map(seals);
    for (const name of names) {
      const before = seals.get(name);
      const sha256 = this.#hashOnDisk(name);
      if (sha256 && (all || !before || before.report)) fresh.set(name, { sha256, report: true });
    }
    const changed = [...fresh].some(([name, { sha256 }]) => seals.get(name)?.sha256 !== sha256);
    if (changed) this.#write(fresh);
  }

  /** Notes how far the journal has come, so that one that is cut at a line's end is noticed. */
  sealJournal(journal: JournalSeal): void {
    const { seals, journal: before } = this.read();
    if (before?.lines !== journal.lines || before.chain !== journal.chain) this.#write(seals, journal);
  }

  /** Whether an output is what was written; true where nothing is known of it. */
  holds(name: string, bytes: Uint8Array): boolean {
    const seal = this.read().seals.get(name);
    const sha256 = hashOf(bytes);
    return !seal || seal.sha256 === sha256 || seal.was === sha256;
  }

  /** What is wrong with an output, in lines; undefined where nothing is known of it. */
  problemsOf(name: string): readonly string[] | undefined {
    const seal = this.read().seals.get(name);
    if (!seal) return undefined;
    const found = this.#hashOnDisk(name);
    if (found === seal.sha256 || found === seal.was) return [];
    return [`${name} is damaged: its content does not match its SHA-256 in ${this.#manifest}.`];
  }

  #settled(name: string, seal: OutputSeal): OutputSeal {
    if (seal.was === undefined) return seal;
    const found = this.#hashOnDisk(name);
    return found !== null && (found === seal.sha256 || found === seal.was) ? { sha256: found } : seal;
  }

  #hashOnDisk(name: string): string | null {
    const bytes = this.#disk.read(name);
    return bytes ? hashOf(bytes) : null;
  }

  #write(seals: ReadonlyMap<string, OutputSeal>, journal = this.read().journal): void {
    const outputs = Object.fromEntries([...seals].sort(([a], [b]) => (a < b ? -1 : 1)));
    const sealed = sealJson({ outputs, ...(journal && { journal }) }, this.#manifest, { indent: 2 });
    this.#disk.write(this.#manifest, sealed);
  }
}

function isSeal(value: unknown): value is OutputSeal {
  return isPlainObject(value) && typeof value.sha256 === 'string' && isEarlier(value.was);
}

function isJournalSeal(value: unknown): value is JournalSeal | undefined {
  if (value === undefined) return true;
  return isPlainObject(value) && Number.isSafeInteger(value.lines) && typeof value.chain === 'string';
}

function isEarlier(was: unknown): boolean {
  return was === undefined || was === null || typeof was === 'string';
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
