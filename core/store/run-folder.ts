import { resolve } from 'node:path';
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
    for (const problem of this.journalProblems()) options.noticed?.(`${problem}; new lines follow it.`);
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

  /** Gives the run up, for the next process to open. Twice does no harm. */
  release(): void {
    attempt(() => this.#journal.close());
    releaseOwnership(this.disk.files, this.disk.path(layout.lock), this.token);
  }

  /** What processes that were killed left half done. */
  #sweep(): void {
    const tasks = this.disk.list('checkpoints').filter(isTaskName);
    for (const folder of ['', 'tasks', 'results', ...tasks.map((task) => `checkpoints/${task}`)]) {
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
  for (const name of FOLDERS) disk.makeFolder(name);
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
