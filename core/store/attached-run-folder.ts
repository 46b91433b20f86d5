import { homedir } from 'node:os';
import { basename, resolve } from 'node:path';
import {
  corrupt,
  currentOwner,
  Disk,
  type FileLayer,
  type JournalEntry,
  lastNumber,
  MetricsReader,
  nodeFiles,
  OutputSeals,
  type Ownable,
  type Owner,
  openSealedJson,
  plainJson,
  processState,
  readJournal,
  readMetrics,
  sealJson,
  sealProblems,
  type TaskMetrics,
  thisProcess,
} from 'dna-nas/files';
import type { Task, TaskState, TaskStore } from '../stages/stage.js';
import { noRunFolder, readOnly } from './errors.js';
import { requireFormat } from './format.js';
import { layout } from './layout.js';
import { requireRun } from './run-owner.js';
import { type ClaimOptions, claimantOf, claimedFiles, TaskClaims } from './task-claims.js';
import { TaskFiles } from './task-files.js';

export interface AttachOptions {
  /** Number of the owner on whose behalf to write; without one the folder is only read. */
  readonly token?: number;
  /** @default the real disk */
  readonly files?: FileLayer;
  /** Is told what was damaged and how it goes on. @default nothing */
  readonly noticed?: (text: string) => void;
}

const NOTHING = new Uint8Array();
const RESTORE = 'Restore it from a backup, or remove it to have it made again.';

/**
 * A run's folder as its tasks and readers see it. Reading executes nothing. Every write first checks that the owner
 * is still the one with `token`.
 */
export class AttachedRunFolder implements TaskStore {
  /** Absolute. */
  readonly path: string;
  /** Number of the owner, to be given to workers; undefined where the folder is only read. */
  readonly token: number | undefined;
  protected readonly disk: Disk;
  protected readonly seals: OutputSeals;
  readonly #files: TaskFiles;
  readonly #noticed: (text: string) => void;

  /** @throws DnaError `RUN_FORMAT` where a newer version has written the run. */
  constructor(folder: string, options: AttachOptions = {}) {
    this.path = resolve(folder);
    this.token = options.token;
    this.disk = new Disk(options.files ?? nodeFiles, this.path, machineFolders(this.path));
    this.seals = new OutputSeals(this.disk, layout.manifest);
    // Whoever has a token follows an owner, who has looked.
    if (this.token === undefined) requireFormat(this.disk);
    this.#noticed = options.noticed ?? (() => {});
    this.#files = new TaskFiles(this.disk, { noticed: this.#noticed, check: () => this.check() });
  }

  /** Whether there is a run: its configuration was written, as `config`. */
  get exists(): boolean {
    return this.disk.exists(layout.config);
  }

  /** @throws DnaError `OWNER_LOST` if the run has another owner now, `STORE_READ_ONLY` if there is no token. */
  check(): void {
    if (this.token === undefined) throw readOnly(this.path);
    requireRun(this.lock, this.token);
  }

  protected get lock(): Ownable {
    return this.disk.ownable(layout.lock);
  }

  /** Who holds the run; that process may have died. Undefined for nobody. */
  owner(): Owner | undefined {
    return currentOwner(this.lock);
  }

  /** Who holds the run and may be working on it, as far as can be seen from here. */
  worker(): Owner | undefined {
    const owner = this.owner();
    return owner && processState(owner, thisProcess()) !== 'gone' ? owner : undefined;
  }

  /** Claims of this process on the run's tasks; those of the run's owner end with its hold on the run. */
  openClaims(options: ClaimOptions): TaskClaims {
    return new TaskClaims(this.disk, { ...options, ...(this.token !== undefined && { run: this.token }) });
  }

  /**
   * The run's tasks for whoever has claimed some, by the claims' numbers: all can be read, and these written.
   * What is committed beside a claimed task belongs to it: `retrain-found-best` to `retrain-found`.
   */
  claimedTasks(claims: Readonly<Record<string, number>>): TaskFiles {
    const check = this.token === undefined ? () => {} : () => this.check();
    return claimedFiles(this.disk, { claims, noticed: this.#noticed, check });
  }

  /** Who works on a task, as far as can be seen from here; a process on another host may have ended. */
  claimant(task: string): Owner | undefined {
    return claimantOf(this.disk, task, thisProcess());
  }

  /** What the last process that had claimed a task by itself has told of it, in order. */
  readClaim(task: string): readonly JournalEntry[] {
    const number = lastNumber(this.disk.ownable(layout.claims(task)));
    const path = this.disk.path(layout.claimJournal(task, number));
    return number === 0 ? [] : readJournal(this.disk.files, path).entries;
  }

  /** What all processes have written that executed a task outside of the run's own. */
  readClaims(task: string): readonly JournalEntry[] {
    const folder = layout.claims(task);
    const journals = this.disk.list(folder).filter((name) => name.endsWith('.jsonl'));
    return journals.flatMap(
      (name) => readJournal(this.disk.files, this.disk.path(`${folder}/${name}`)).entries,
    );
  }

  /** How a task has come on, as far as it is written; undefined where nothing is. */
  readMetrics(task: string): TaskMetrics | undefined {
    return readMetrics(this.disk, layout.metrics(task));
  }

  /** The same for whoever looks again and again. */
  metricsReader(task: string): MetricsReader {
    return new MetricsReader(this.disk, layout.metrics(task));
  }

  /** Takes over what another run knows of the course of a task that both have. */
  takeMetrics(task: string, from: AttachedRunFolder): void {
    const name = layout.metrics(task);
    const bytes = from.disk.read(name);
    this.check();
    if (bytes) this.disk.write(name, bytes);
  }

  /** Events in order; damaged lines are passed over, see `journalProblems`. */
  readJournal(): readonly JournalEntry[] {
    return readJournal(this.disk.files, this.disk.path(layout.journal)).entries;
  }

  /** What of the journal is damaged, one line each; a torn last line is no damage. */
  journalProblems(): readonly string[] {
    const journal = readJournal(this.disk.files, this.disk.path(layout.journal));
    return [...journal.problems, ...sealProblems(journal, this.seals.read().journal)];
  }

  readTask(id: string): Task | undefined {
    const name = layout.task(id);
    const bytes = this.disk.read(name);
    return bytes && (openSealedJson(bytes, name, RESTORE) as unknown as Task);
  }

  /** Ids in alphabetical order. */
  taskIds(): string[] {
    return namesWith(this.disk.list(layout.tasks), '.json');
  }

  /** A task's file; the same task may be written again. */
  writeTask(task: Task): void {
    this.writeTasks([task]);
  }

  /** Those of some tasks' files that are not there yet. */
  writeTasks(tasks: readonly Task[]): void {
    const missing = new Map<string, Uint8Array>();
    for (const task of tasks) {
      const name = layout.task(task.id);
      const bytes = sealJson(task, name, { folders: this.disk.machineFolders, indent: 2 });
      if (Buffer.compare(this.disk.read(name) ?? NOTHING, bytes) !== 0) missing.set(basename(name), bytes);
    }
    this.check();
    this.disk.writeAll(layout.tasks, missing);
  }

  loadCheckpoint(task: string): TaskState | undefined {
    return this.#files.loadCheckpoint(task);
  }

  saveCheckpoint(task: string, step: number, state: TaskState): void {
    this.#files.saveCheckpoint(task, step, state);
  }

  /** What is damaged among a task's checkpoints, one line each. */
  checkpointProblems(task: string): readonly string[] {
    return this.#files.checkpointProblems(task);
  }

  hasResult(task: string): boolean {
    return this.#files.hasResult(task);
  }

  /** Ids in alphabetical order. */
  resultIds(): string[] {
    return namesWith(this.disk.list('results'), '.safetensors');
  }

  /** @throws DnaError `STORE_CORRUPT` if it is not what was committed. */
  loadResult(task: string): TaskState | undefined {
    return this.#files.loadResult(task);
  }

  /** @throws DnaError `RESULT_EXISTS` if the task has one; that one stays. */
  commitResult(task: string, state: TaskState): void {
    this.#files.commitResult(task, state);
  }

  /** Checkpoints of a task that has a result: left by a crash between the two. */
  protected dropCheckpoints(task: string): void {
    this.#files.dropCheckpoints(task);
  }

  /** An output of a stage: `ratings` is kept as `ratings.json`. Replaces an earlier one. */
  writeJson(name: string, value: unknown): void {
    const file = layout.output(`${name}.json`);
    const json = plainJson(value, file, { folders: this.disk.machineFolders, indent: 2 });
    this.#writeSealed(file, new TextEncoder().encode(`${json}\n`));
  }

  /**
   * Undefined where it was never written.
   * @throws DnaError `STORE_CORRUPT` if it is not what was written.
   */
  readJson(name: string): unknown {
    const file = layout.output(`${name}.json`);
    const bytes = this.disk.read(file);
    if (!bytes) return undefined;
    if (!this.seals.holds(file, bytes))
      throw corrupt(file, 'its content does not match its SHA-256', RESTORE);
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      throw corrupt(file, 'it is not JSON', RESTORE);
    }
  }

  /** An output by its whole file name, such as a report or weights. Replaces an earlier one. */
  writeOutput(fileName: string, content: Uint8Array | string): void {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    this.#writeSealed(layout.output(fileName), bytes);
  }

  readOutput(fileName: string): Uint8Array | undefined {
    return this.disk.read(layout.output(fileName));
  }

  /** Writes nothing where the same is there already. */
  #writeSealed(file: string, bytes: Uint8Array): void {
    this.check();
    if (this.seals.announce(file, bytes)) this.disk.write(file, bytes);
  }
}

/**
 * A run's folder for a worker or another process that works on behalf of its owner, or, without a token, for reading.
 * @throws DnaError `RUN_NOT_FOUND`, `RUN_FORMAT` where a newer version has written it, or `OWNER_LOST` if the token is not the owner's.
 */
export function attachRunFolder(folder: string, options: AttachOptions = {}): AttachedRunFolder {
  const attached = new AttachedRunFolder(folder, options);
  if (!attached.exists) throw noRunFolder(folder);
  if (options.token !== undefined) attached.check();
  return attached;
}

function namesWith(names: readonly string[], ending: string): string[] {
  return names
    .filter((name) => name.endsWith(ending) && !name.startsWith('.'))
    .map((name) => name.slice(0, -ending.length));
}

/** Folders that would tie a run to this machine. */
function machineFolders(run: string): string[] {
  const folders = new Set([run, process.cwd(), homedir()]);
  return [...folders].filter((folder) => folder.length > 1);
}
