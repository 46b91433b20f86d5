import type { StageFinished, StageStarted, WorkDone } from 'dna-nas/core';
import type { EpochFinished } from 'dna-nas/core/stages';
import type { ConsoleEnvironment } from './environment.js';
import { describeFailure } from './failure.js';
import { formatDuration, formatShare, oneLine } from './format.js';
import { NoteBudget } from './note-budget.js';
import { formatEpoch, formatLeft, Progress } from './progress.js';
import type { Reporter } from './reporter.js';

/**
 * Seconds between progress lines, least and greatest; in between, a twentieth of the time since the start. The timer
 * ticks by the least, so the greatest gap that can be seen is their sum.
 */
const LEAST_INTERVAL = 30;
const GREATEST_INTERVAL = 270;
const INTERVAL_SHARE = 1 / 20;

/** Plain lines without control characters, few: for pipes, logs and schedulers. */
export class LogReporter implements Reporter {
  readonly #environment: ConsoleEnvironment;
  readonly #progress = new Progress();
  readonly #start: number;
  readonly #notes: NoteBudget;
  #spoken: number;
  #stopTimer: (() => void) | undefined;

  constructor(environment: ConsoleEnvironment) {
    this.#environment = environment;
    this.#start = environment.now();
    this.#spoken = this.#start;
    this.#notes = new NoteBudget(this.#start);
  }

  stageStarted(event: StageStarted): void {
    // Work may be silent for long: the clock alone must be able to speak.
    this.#stopTimer ??= this.#environment.every(LEAST_INTERVAL, () => this.#sayIfDue());
    this.#progress.stageStarted(event, this.#environment.now());
    const { stage, description, tasks, tasksDone } = event;
    const before = tasksDone > 0 ? ` (${tasksDone} of ${tasks} tasks were done before)` : '';
    this.#say(`${stage}: ${description}${before}`);
  }

  stageFinished({ stage, seconds, result }: StageFinished): void {
    this.#progress.stageFinished();
    this.#say(`${stage}: done in ${formatDuration(seconds)}: ${result}`);
  }

  workDone(event: WorkDone): void {
    this.#progress.workDone(event, this.#environment.now());
    this.#sayIfDue();
  }

  epochFinished(event: EpochFinished): void {
    this.#progress.epochFinished(event);
  }

  noticed(message: string): void {
    const note = this.#notes.take(message, this.#environment.now());
    if (note !== undefined) this.#say(`note: ${note}`);
  }

  failed(error: Error): void {
    this.finished();
    this.#say(`${this.#progress.stage ?? 'run'}: ${describeFailure(error).words}`);
  }

  finished(): void {
    this.#stopTimer?.();
    const leftOut = this.#notes.remainder();
    if (leftOut) this.#say(`note: ${leftOut}`);
  }

  #sayIfDue(): void {
    const now = this.#environment.now();
    const wanted = (now - this.#start) * INTERVAL_SHARE;
    if (now - this.#spoken < Math.min(GREATEST_INTERVAL, Math.max(LEAST_INTERVAL, wanted))) return;
    const line = progressLine(this.#progress, now);
    if (line) this.#say(line);
  }

  #say(line: string): void {
    this.#spoken = this.#environment.now();
    this.#environment.progress.write(`${oneLine(line)}\n`);
  }
}

function progressLine(progress: Progress, now: number): string | undefined {
  const current = progress.current(now);
  if (!current) return undefined;
  const { stage, share, passed, stageLeft, runLeft, task, epochs } = current;
  const parts = [
    share === undefined ? undefined : formatShare(share).trim(),
    `${formatDuration(passed)} passed`,
    stageLeft && formatLeft(stageLeft),
    runLeft && formatLeft(runLeft, 'left of the run'),
    epochs[0] ? formatEpoch(epochs[0]) : task && `at ${task}`,
  ];
  return `${stage}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}
