import type { StageStarted, WorkDone } from 'dna-nas/core';
import type { EpochFinished } from 'dna-nas/core/stages';
import { oneLine } from './format.js';
import { TimeLeft } from './time-left.js';

/** What is shown of the stage under way. */
export interface StageProgress {
  readonly stage: string;
  readonly description: string;
  /** 0 to 1; undefined for a stage whose work is not counted. */
  readonly share: number | undefined;
  /** Seconds since the stage began, in this start of the run. */
  readonly passed: number;
  readonly stageLeft: number | undefined;
  readonly runLeft: number | undefined;
  /** Last epochs that ended, newest first. */
  readonly epochs: readonly EpochFinished[];
}

const EPOCHS_KEPT = 3;

/** Follows a run by its events. Times are seconds of one clock. */
export class Progress {
  #stage: StageStarted | undefined;
  #since = 0;
  #done = 0;
  #epochs = new Map<string, EpochFinished>();
  readonly #timeLeft = new TimeLeft();

  get stage(): string | undefined {
    return this.#stage?.stage;
  }

  stageStarted(event: StageStarted, now: number): void {
    this.#stage = event;
    this.#since = now;
    this.#done = 0;
    this.#epochs.clear();
    this.#timeLeft.start(now);
  }

  workDone(event: WorkDone, now: number): void {
    this.#timeLeft.report(event.work, now);
    if (event.stage === this.#stage?.stage) this.#done += event.work;
  }

  epochFinished(event: EpochFinished): void {
    this.#epochs.delete(event.task);
    this.#epochs.set(event.task, event);
  }

  stageFinished(): void {
    this.#stage = undefined;
  }

  /** Undefined between stages. */
  current(now: number): StageProgress | undefined {
    const stage = this.#stage;
    if (!stage) return undefined;
    const left = Math.max(0, stage.work - this.#done);
    return {
      stage: stage.stage,
      description: stage.description,
      share: stage.work > 0 ? Math.min(1, this.#done / stage.work) : undefined,
      passed: now - this.#since,
      stageLeft: stage.work > 0 ? this.#timeLeft.of(left) : undefined,
      runLeft: this.#timeLeft.of(left + stage.workToCome),
      epochs: [...this.#epochs.values()].reverse().slice(0, EPOCHS_KEPT),
    };
  }
}

/** `train-b1-c2, epoch 3 of 10: loss 0.312, accuracy 0.881`. */
export function formatEpoch({ task, epoch, epochs, metrics }: EpochFinished): string {
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`);
  const head = `${task}, epoch ${epoch} of ${epochs}`;
  return oneLine(values.length > 0 ? `${head}: ${values.join(', ')}` : head);
}
