import { dirname, resolve } from 'node:path';
import {
  attempt,
  Disk,
  JournalWriter,
  journalText,
  nodeFiles,
  type ProcessIdentity,
  releaseOwnership,
  sweepFolder,
  thisProcess,
} from 'dna-nas/files';
import { AttachedRunFolder, type AttachOptions } from './attached-run-folder.js';
import { requireFormat } from './format.js';
import { FOLDERS, isTaskName, layout } from './layout.js';
import { takeRun } from './run-owner.js';
import { claimedNow } from './task-claims.js';

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
    this.#sweep(options.process ?? thisProcess());
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
      journalText({ sequence, time, ...entry }, this.disk.machineFolders),
    );
  }

  /** Seals the journal as it is: whoever cuts it, at a line's end too, is noticed. */
  sealJournal(): void {
    this.check();
    const { seal } = this.#journal;
    if (seal) this.seals.sealJournal(seal);
  }

  /** Takes into the manifest what reports have written beside the store. */
  sealReports(): void {
    this.check();
    this.seals.sealReports(this.#outputs());
  }

  /** Ends writing and owns the run still. */
  close(): void {
    attempt(() => this.#journal.close());
  }

  /** Gives the run up, for the next process to open. Twice does no harm. */
  release(): void {
    attempt(() => {
      this.check();
      this.seals.settle();
      this.sealJournal();
    });
    this.close();
    releaseOwnership(this.lock, this.token);
  }

  /** Names of the files for people and other programs; folders beside ours are somebody's own. */
  #outputs(): string[] {
    const own: readonly string[] = [layout.journal, layout.manifest, ...FOLDERS];
    return this.disk
      .list('')
      .filter((name) => isTaskName(name) && !own.includes(name) && !this.disk.isFolder(name));
  }

  /** What processes that were killed left half done; a claimed task's is left to whoever has it. */
  #sweep(observer: ProcessIdentity): void {
    const claimed = claimedNow(this.disk, observer);
    const tasks = this.disk.list('checkpoints').filter(isTaskName);
    for (const folder of ['', 'tasks']) sweepFolder(this.disk, folder);
    const isOfNone = (name: string) => !claimed.some((task) => name.startsWith(`.${task}`));
    for (const folder of ['results', 'metrics']) sweepFolder(this.disk, folder, isOfNone);
    sweepFolder(this.disk, 'checkpoints');
    for (const task of tasks) sweepFolder(this.disk, layout.checkpoints(task), () => !claimed.includes(task));
    for (const task of tasks) if (this.hasResult(task)) this.dropCheckpoints(task);
  }
}

/**
 * Takes a run's folder, made where there is none. Of any number of processes that try at once, one gets it.
 * @throws DnaError `RUN_OWNED` naming host, pid and since when, while another process may be working on it, `RUN_FORMAT`
 * where a newer version has written it.
 */
export function openRunFolder(folder: string, options: OpenOptions = {}): RunFolder {
  const files = options.files ?? nodeFiles;
  const clock = options.clock ?? Date.now;
  const disk = new Disk(files, resolve(folder), []);
  attempt(() => files.syncFolder(dirname(dirname(resolve(folder)))));
  for (const name of ['', ...FOLDERS]) disk.makeFolder(name);
  requireFormat(disk);
  const lock = disk.ownable(layout.lock);
  const { number: token } = takeRun(lock, folder, {
    process: options.process ?? thisProcess(),
    clock,
    takeOver: options.takeOver ?? false,
  });
  try {
    return new RunFolder(folder, { ...options, token });
  } catch (error) {
    attempt(() => releaseOwnership(lock, token));
    throw error;
  }
}
