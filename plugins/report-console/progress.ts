import type { StageStarted, WorkDone } from 'dna-nas/core';
import type { EpochFinished } from 'dna-nas/core/stages';
import { forecastRun, forecastWork, type RunTimeRange, type TimeRange } from 'dna-nas/run-tools/runs';
import { formatDuration, oneLine } from './format.js';
import { WorkLog } from './work-log.js';

/** What is shown of the stage under way. */
export interface StageProgress {
  readonly stage: string;
  readonly description: string;
  /** 0 to 1; undefined for a stage whose work is not counted. */
  readonly share: number | undefined;
  /** Seconds since the stage began, in this start of the run. */
  readonly passed: number;
  readonly stageLeft: TimeRange | undefined;
  readonly runLeft: RunTimeRange | undefined;
  /** That told of work last. */
  readonly task: string | undefined;
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
  #log = new WorkLog(0);
  #task: string | undefined;

  get stage(): string | undefined {
    return this.#stage?.stage;
  }

  stageStarted(event: StageStarted, now: number): void {
    this.#stage = event;
    this.#since = now;
    this.#done = 0;
    this.#epochs.clear();
    this.#log = new WorkLog(now);
    this.#task = undefined;
  }

  workDone(event: WorkDone, now: number): void {
    if (event.stage !== this.#stage?.stage) return;
    this.#log.report(event.work, now);
    this.#task = event.task;
    this.#done += event.work;
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
    const { work, ahead } = stage;
    const soFar = { ...this.#log.soFar(now), left: Math.max(0, work - this.#done), work };
    return {
      stage: stage.stage,
      description: stage.description,
      share: work > 0 ? Math.min(1, this.#done / work) : undefined,
      passed: now - this.#since,
      stageLeft: work > 0 ? forecastWork(soFar) : undefined,
      runLeft: work > 0 ? forecastRun({ ...soFar, ahead }) : undefined,
      task: this.#task,
      epochs: [...this.#epochs.values()].reverse().slice(0, EPOCHS_KEPT),
    };
  }
}

/** `0:55 left (0:46 to 1:06)`; `0:46 to 1:06 left` where the range is all that is known. */
export function formatLeft({ seconds, low, high }: RunTimeRange, left = 'left'): string {
  const range = `${formatDuration(low)} to ${formatDuration(high)}`;
  return seconds === undefined ? `${range} ${left}` : `${formatDuration(seconds)} ${left} (${range})`;
}

/** `train-b1-c2, epoch 3 of 10: loss 0.312, accuracy 0.881`. */
export function formatEpoch({ task, epoch, epochs, metrics }: EpochFinished): string {
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`);
  const head = `${task}, epoch ${epoch} of ${epochs}`;
  return oneLine(values.length > 0 ? `${head}: ${values.join(', ')}` : head);
}
