import { dirname, resolve } from 'node:path';
import { AttachedRunFolder, type AttachOptions } from './attached-run-folder.js';
import { Disk } from './disk.js';
import { nodeFiles } from './file-layer.js';
import { JournalWriter } from './journal.js';
import { FOLDERS, isTaskName, layout } from './layout.js';
import { releaseOwnership, takeOwnership } from './owner.js';
import { withoutFolders } from './plain-json.js';
import { type ProcessIdentity, thisProcess } from './process-identity.js';
import { attempt, TEMPORARY } from './write-atomically.js';

export interface OpenOptions extends Omit<AttachOptions, 'token'> {
  /** Milliseconds since 1970. @default Date.now */
  readonly clock?: () => number;
  /** @default this process */
  readonly process?: ProcessIdentity;
  /** Takes the run from an owner on another host, of whom this one cannot know whether it lives. @default false */
  readonly takeOver?: boolean;
}

/** A run's folder in the hands of its only owner. */
export class RunFolder extends AttachedRunFolder {
  declare readonly token: number;
  readonly #clock: () => number;
  readonly #journal: JournalWriter;

  /** Use `openRunFolder`. */
  constructor(folder: string, options: OpenOptions & { readonly token: number }) {
    super(folder, options);
    this.#clock = options.clock ?? Date.now;
    this.#journal = new JournalWriter(this.disk.files, this.disk.path(layout.journal));
    this.#sweep();
    const noticed = options.noticed ?? (() => {});
    for (const problem of this.journalProblems()) noticed(`${problem}; new lines follow it.`);
    const { problem } = this.seals.read();
    if (!problem) return;
    noticed(`${problem} The outputs are sealed anew as they are.`);
    this.seals.sealReports(this.#outputs(), true);
  }

  /**
   * Appends an event to the journal, with its sequence number and time; absolute folders of this machine stand as `.`
   * in it and numbers that JSON lacks as text.
   * @returns its sequence number.
   */
  journal(entry: { readonly event: string; readonly [detail: string]: unknown }): number {
    this.check();
    const time = new Date(this.#clock()).toISOString();
    return this.#journal.append((sequence) =>
      withoutFolders(tolerantJson({ sequence, time, ...entry }), this.disk.machineFolders),
    );
  }

  /** Takes into the manifest what reports have written beside the store. */
  sealReports(): void {
    this.check();
    this.seals.sealReports(this.#outputs());
  }

  /** Gives the run up, for the next process to open. Twice does no harm. */
  release(): void {
    attempt(() => {
      this.check();
      this.seals.settle();
    });
    attempt(() => this.#journal.close());
    releaseOwnership(this.disk.files, this.disk.path(layout.lock), this.token);
  }

  /** Names of the files for people and other programs; folders beside ours are somebody's own. */
  #outputs(): string[] {
    const own: readonly string[] = [layout.journal, layout.manifest, ...FOLDERS];
    return this.disk
      .list('')
      .filter((name) => isTaskName(name) && !own.includes(name) && !this.disk.isFolder(name));
  }

  /** What processes that were killed left half done: names that may not last yet, and temporary files. */
  #sweep(): void {
    const tasks = this.disk.list('checkpoints').filter(isTaskName);
    for (const folder of ['', ...FOLDERS, ...tasks.map((task) => `checkpoints/${task}`)]) {
      this.disk.syncFolder(folder);
      // There others may be writing: whoever wants the run and will be refused.
      if (folder === layout.lock) continue;
      for (const name of this.disk.list(folder)) {
        if (!name.startsWith('.') || !name.endsWith(TEMPORARY)) continue;
        attempt(() => this.disk.files.unlink(this.disk.path(`${folder}/${name}`)));
      }
    }
    for (const task of tasks) if (this.hasResult(task)) this.dropCheckpoints(task);
  }
}

/**
 * Takes a run's folder, made where there is none. Of any number of processes that try at once, one gets it.
 * @throws DnaError `RUN_OWNED` naming host, pid and since when, while another process may be working on it.
 */
export function openRunFolder(folder: string, options: OpenOptions = {}): RunFolder {
  const files = options.files ?? nodeFiles;
  const clock = options.clock ?? Date.now;
  const disk = new Disk(files, resolve(folder), []);
  attempt(() => files.syncFolder(dirname(dirname(resolve(folder)))));
  for (const name of ['', ...FOLDERS]) disk.makeFolder(name);
  const { number: token } = takeOwnership({
    files,
    folder: disk.path(layout.lock),
    run: folder,
    process: options.process ?? thisProcess(),
    clock,
    takeOver: options.takeOver ?? false,
  });
  try {
    return new RunFolder(folder, { ...options, token });
  } catch (error) {
    attempt(() => releaseOwnership(files, disk.path(layout.lock), token));
    throw error;
  }
}

/** Numbers that JSON lacks stand as text: a loss that became NaN is an event worth keeping. */
function tolerantJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
  );
}
