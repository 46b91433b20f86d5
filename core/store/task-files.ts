import { type Disk, MetricsWriter, openSealedState, sealState } from 'dna-nas/files';
import type { TaskState, TaskStore } from '../stages/stage.js';
import { Checkpoints } from './checkpoints.js';
import { resultExists } from './errors.js';
import { layout } from './layout.js';

export interface TaskFilesOptions {
  readonly noticed: (text: string) => void;
  /** Throws where this process may not, or may no longer, write what belongs to a task. */
  check(task: string): void;
}

/** Results and checkpoints of a run's tasks. Reading is free; before each write it is checked whose task it is. */
export class TaskFiles implements TaskStore {
  readonly #disk: Disk;
  readonly #check: (task: string) => void;
  readonly #checkpoints: Checkpoints;

  constructor(disk: Disk, { noticed, check }: TaskFilesOptions) {
    this.#disk = disk;
    this.#check = check;
    this.#checkpoints = new Checkpoints(disk, noticed);
  }

  loadCheckpoint(task: string): TaskState | undefined {
    return this.#checkpoints.load(task);
  }

  saveCheckpoint(task: string, step: number, state: TaskState): void {
    this.#owned(task, () => this.#checkpoints.save(task, step, state));
  }

  /** Opens the metrics of a task, which go on where the task does: from the checkpoint that was loaded, if any. */
  openMetrics(task: string): MetricsWriter {
    const from = this.#checkpoints.stepOf(task);
    return new MetricsWriter(this.#disk, layout.metrics(task), { from, check: () => this.#check(task) });
  }

  hasResult(task: string): boolean {
    return this.#disk.exists(layout.result(task));
  }

  /** @throws DnaError `STORE_CORRUPT` if it is not what was committed. */
  loadResult(task: string): TaskState | undefined {
    const name = layout.result(task);
    const bytes = this.#disk.read(name);
    return bytes && openSealedState(bytes, name);
  }

  /** @throws DnaError `RESULT_EXISTS` if the task has one; that one stays. */
  commitResult(task: string, state: TaskState): void {
    const name = layout.result(task);
    const { bytes } = sealState(state, name, this.#disk.machineFolders);
    if (!this.#owned(task, () => this.#disk.create(name, bytes))) throw resultExists(task);
    this.#checkpoints.drop(task);
  }

  /** Checkpoints of a task that has a result: left by a crash between the two. */
  dropCheckpoints(task: string): void {
    this.#checkpoints.drop(task);
  }

  /** What is damaged among a task's checkpoints, one line each. */
  checkpointProblems(task: string): readonly string[] {
    return this.#checkpoints.problems(task);
  }

  /** A write that fails because another owner has swept up what this one was writing is told as what it is. */
  #owned<Value>(task: string, write: () => Value): Value {
    this.#check(task);
    try {
      return write();
    } catch (error) {
      this.#check(task);
      throw error;
    }
  }
}
