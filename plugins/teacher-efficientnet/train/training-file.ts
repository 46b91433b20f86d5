import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { JsonObject } from 'dna-nas/core';
import type { TaskState } from 'dna-nas/core/stages';
import { CheckpointPacer } from 'dna-nas/core/work';
import { nodeFiles, readSafetensors, toStateDict, writeAtomically, writeSafetensors } from 'dna-nas/files';
import { EventLoopTurns } from 'dna-nas/nn/training';
import { otherTraining } from '../errors.js';

export interface TrainingFileOptions {
  /** Where the unfinished training is kept. */
  readonly path: string;
  /** What it is of: only the same goes on. */
  readonly identity: JsonObject;
  readonly checkpointSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** The unfinished training of a teacher, in a file beside the one that it will write. */
export class TrainingFile {
  readonly #options: TrainingFileOptions;
  readonly #turns = new EventLoopTurns();
  readonly #pacer: CheckpointPacer;

  constructor(options: TrainingFileOptions) {
    this.#options = options;
    const nothing = () => undefined;
    this.#pacer = new CheckpointPacer({
      checkpointSeconds: options.checkpointSeconds,
      shouldStop: () => options.signal?.aborted ?? false,
      store: { saveCheckpoint: (_, __, state) => this.#save(state) },
      events: { timeSpent: nothing, checkpointSaved: nothing },
    });
  }

  /** What to go on from. @throws DnaError `TEACHER_TRAINING_OTHER` */
  load(): TaskState | undefined {
    const { path } = this.#options;
    if (!existsSync(path)) return undefined;
    const file = readSafetensors(readFileSync(path));
    if (file.metadata.get('training') !== this.#identity) throw otherTraining(path);
    return { json: JSON.parse(file.metadata.get('state')!) as JsonObject, tensors: toStateDict(file) };
  }

  /** Called between two units of work: hears signals, and saves if it is time. @throws DnaError `STOPPED` */
  async saveIfDue(step: number, state: () => TaskState): Promise<void> {
    await this.#turns.take();
    this.#pacer.saveIfDue(() => [{ task: 'teacher', step, state }]);
  }

  /** The training is over. */
  remove(): void {
    rmSync(this.#options.path, { force: true });
  }

  get #identity(): string {
    return JSON.stringify(this.#options.identity);
  }

  #save({ json, tensors }: TaskState): void {
    const metadata = { training: this.#identity, state: JSON.stringify(json) };
    writeAtomically(nodeFiles, this.#options.path, writeSafetensors(tensors, metadata));
  }
}
