import type { RunHooks, StageFinished, StageStarted, WorkDone } from 'dna-nas/core';
import type { EpochFinished } from 'dna-nas/core/stages';
import { DataWaits } from './data-waits.js';
import type { ConsoleEnvironment } from './environment.js';
import { formatResult } from './result.js';

/** A way of showing progress: on a terminal or in a log. */
export interface Reporter {
  stageStarted(event: StageStarted): void;
  stageFinished(event: StageFinished): void;
  workDone(event: WorkDone): void;
  epochFinished(event: EpochFinished): void;
  noticed(message: string): void;
  failed(error: Error): void;
  finished(): void;
}

/** Taps a reporter into a run; the result goes to the result stream once the reporter has cleared up. */
export function attach(hooks: RunHooks, reporter: Reporter, environment: ConsoleEnvironment): void {
  const tap = 'report-console';
  // The report is itself a stage: what is told after the result would only stand below it.
  let over = false;
  const whileRunning =
    <Event>(handle: (event: Event) => void) =>
    (event: Event) => {
      if (!over) handle(event);
    };
  hooks.stageStarted.tap(
    tap,
    whileRunning((event) => reporter.stageStarted(event)),
  );
  const waits = new DataWaits();
  hooks.timeSpent.tap(tap, (event) => waits.add(event));
  hooks.stageFinished.tap(
    tap,
    whileRunning((event) => reporter.stageFinished({ ...event, result: event.result + waits.tell(event) })),
  );
  hooks.workDone.tap(
    tap,
    whileRunning((event) => reporter.workDone(event)),
  );
  hooks.epochFinished.tap(
    tap,
    whileRunning((event) => reporter.epochFinished(event)),
  );
  hooks.noticed.tap(
    tap,
    whileRunning((message) => reporter.noticed(message)),
  );
  hooks.runFailed.tap(tap, (error) => {
    over = true;
    reporter.failed(error);
  });
  // After the other reports, so that the result is the last word.
  hooks.runFinished.tap({ name: tap, stage: 1000 }, (event) => {
    over = true;
    reporter.finished();
    environment.result.write(formatResult(event));
  });
}
