import { DnaError } from 'dna-nas/errors';
import {
  attempt,
  corrupt,
  type Disk,
  openSealedJson,
  openSealedState,
  sealJson,
  sealState,
} from 'dna-nas/files';
import type { TaskState } from '../stages/stage.js';
import { checkpointsCorrupt } from './errors.js';
import { layout } from './layout.js';

/** A checkpoint as the manifest names it. */
interface CheckpointEntry {
  readonly step: number;
  readonly file: string;
  /** Of the sealed state; absent where only the file's name is known. */
  readonly sha256?: string;
}

interface Found {
  readonly entry: CheckpointEntry;
  readonly state: TaskState;
}

const MANIFEST = 'manifest.json';
/** Content names the file, so that no checkpoint is ever written over another. */
const FILE = /^(\d{1,15})-[0-9a-f]{16}\.safetensors$/;

/** Checkpoints of the tasks of a run: of each the last two that were proven, listed in a manifest. */
export class Checkpoints {
  readonly #disk: Disk;
  readonly #noticed: (text: string) => void;
  /** What this process has loaded or saved; undefined: there was none. */
  readonly #whole = new Map<string, CheckpointEntry | undefined>();

  constructor(disk: Disk, noticed: (text: string) => void) {
    this.#disk = disk;
    this.#noticed = noticed;
  }

  /** @throws DnaError `STORE_CHECKPOINTS_CORRUPT` where there are checkpoints and none is whole. */
  load(task: string): TaskState | undefined {
    const { found, problems } = this.#lastWhole(task);
    if (!found && problems.length > 0) throw checkpointsCorrupt(task, problems);
    for (const problem of problems) this.#noticed(`${problem} Going on from step ${found?.entry.step}.`);
    this.#whole.set(task, found?.entry);
    return found?.state;
  }

  /** Step of the checkpoint that this process has loaded or saved last; undefined where it knows of none. */
  stepOf(task: string): number | undefined {
    return this.#whole.get(task)?.step;
  }

  /** The files first, then the manifest that names them; what it no longer names is removed last. */
  save(task: string, step: number, state: TaskState): void {
    const folder = layout.checkpoints(task);
    if (!Number.isSafeInteger(step) || step < 0)
      throw new RangeError(`Step ${step} is no whole number of 0 or more.`);
    const { bytes, sha256 } = sealState(state, `${folder}/${step}`, this.#disk.machineFolders);
    const current = { step, file: `${step}-${sha256.slice(0, 16)}.safetensors`, sha256 };
    const previous = this.#whole.has(task) ? this.#whole.get(task) : this.#lastWhole(task).found?.entry;
    if (previous?.file === current.file) return;
    this.#disk.makeFolder(folder);
    this.#disk.write(`${folder}/${current.file}`, bytes);
    const manifest = `${folder}/${MANIFEST}`;
    this.#disk.write(manifest, sealJson({ current, previous: previous ?? null }, manifest, { indent: 2 }));
    this.#whole.set(task, current);
    this.#removeAllBut(folder, [MANIFEST, current.file, previous?.file]);
  }

  /** Removes what a task has no more use for. */
  drop(task: string): void {
    const folder = layout.checkpoints(task);
    this.#whole.delete(task);
    attempt(() => {
      this.#removeAllBut(folder, []);
      if (this.#disk.exists(folder)) this.#disk.removeFolder(folder);
    });
  }

  /** What is damaged among a task's checkpoints, one line each. */
  problems(task: string): string[] {
    const folder = layout.checkpoints(task);
    const problems: string[] = [];
    const candidates = this.#candidates(folder, problems);
    for (const entry of candidates) this.#open(folder, entry, problems);
    return problems;
  }

  #removeAllBut(folder: string, kept: readonly (string | undefined)[]): void {
    attempt(() => {
      for (const name of this.#disk.list(folder)) {
        if (!kept.includes(name)) this.#disk.files.unlink(this.#disk.path(`${folder}/${name}`));
      }
    });
  }

  #lastWhole(task: string): { readonly found: Found | undefined; readonly problems: string[] } {
    const folder = layout.checkpoints(task);
    const problems: string[] = [];
    for (const entry of this.#candidates(folder, problems)) {
      const state = this.#open(folder, entry, problems);
      if (state) return { found: { entry, state }, problems };
    }
    return { found: undefined, problems };
  }

  /** Undefined, with a line in `problems`, where it is not whole. */
  #open(folder: string, entry: CheckpointEntry, problems: string[]): TaskState | undefined {
    const path = `${folder}/${entry.file}`;
    const bytes = this.#disk.read(path);
    if (!bytes) {
      problems.push(`${path} is missing.`);
      return undefined;
    }
    try {
      return openSealedState(bytes, path, entry.sha256);
    } catch (error) {
      if (!(error instanceof DnaError)) throw error;
      problems.push(error.message);
      return undefined;
    }
  }

  /** What the manifest names, best first, then whatever else is there: each file proves itself. */
  #candidates(folder: string, problems: string[]): CheckpointEntry[] {
    const named = this.#readManifest(folder, problems);
    const others = this.#disk
      .list(folder)
      .filter((file) => FILE.test(file) && !named.some((entry) => entry.file === file))
      .map((file) => ({ step: Number(FILE.exec(file)![1]), file }))
      .sort((a, b) => b.step - a.step);
    return [...named, ...others];
  }

  #readManifest(folder: string, problems: string[]): CheckpointEntry[] {
    const bytes = this.#disk.read(`${folder}/${MANIFEST}`);
    if (!bytes) return [];
    try {
      return entriesOf(bytes, `${folder}/${MANIFEST}`);
    } catch (error) {
      if (!(error instanceof DnaError)) throw error;
      problems.push(error.message);
      return [];
    }
  }
}

/** @throws DnaError `STORE_CORRUPT`. */
function entriesOf(bytes: Uint8Array, path: string): CheckpointEntry[] {
  const { current, previous } = openSealedJson(bytes, path, 'The files beside it prove themselves.');
  const entries = previous === null ? [current] : [current, previous];
  if (!entries.every(isEntry)) throw corrupt(path, 'it names no checkpoints', 'Remove it.');
  return entries;
}

function isEntry(value: unknown): value is CheckpointEntry {
  const entry = value as CheckpointEntry | null | undefined;
  return (
    Number.isSafeInteger(entry?.step) && FILE.test(String(entry?.file)) && typeof entry?.sha256 === 'string'
  );
}
