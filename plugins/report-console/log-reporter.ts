import type { ConsoleEnvironment } from './environment.js';
import { describeFailure } from './failure.js';
import { formatDuration, formatShare, oneLine } from './format.js';
import { formatEpoch, Progress } from './progress.js';
import type { Reporter } from './reporter.js';

/**
 * Seconds between progress lines, least and greatest; in between, a twentieth of the time since the start. The timer
 * ticks by the least, so the greatest gap that can be seen is their sum.
 */
const LEAST_INTERVAL = 30;
const GREATEST_INTERVAL = 270;
const INTERVAL_SHARE = 1 / 20;

/** Plain lines without control characters, few: for pipes, logs and schedulers. */
export function createLogReporter(environment: ConsoleEnvironment): Reporter {
  const progress = new Progress();
  const start = environment.now();
  let spoken = start;
  const say = (line: string) => {
    spoken = environment.now();
    environment.progress.write(`${oneLine(line)}\n`);
  };
  const sayIfDue = () => {
    const now = environment.now();
    const wanted = (now - start) * INTERVAL_SHARE;
    if (now - spoken < Math.min(GREATEST_INTERVAL, Math.max(LEAST_INTERVAL, wanted))) return;
    const line = progressLine(progress, now);
    if (line) say(line);
  };
  let stop: (() => void) | undefined;
  return {
    stageStarted(event) {
      // Work may be silent for long: the clock alone must be able to speak.
      stop ??= environment.every(LEAST_INTERVAL, sayIfDue);
      progress.stageStarted(event, environment.now());
      const before =
        event.tasksDone > 0 ? ` (${event.tasksDone} of ${event.tasks} tasks were done before)` : '';
      say(`${event.stage}: ${event.description}${before}`);
    },
    stageFinished(event) {
      progress.stageFinished(event);
      say(`${event.stage}: done in ${formatDuration(event.seconds)}: ${event.result}`);
    },
    workDone(event) {
      progress.workDone(event, environment.now());
      sayIfDue();
    },
    epochFinished: (event) => progress.epochFinished(event),
    noticed: (message) => say(`note: ${message}`),
    failed(error) {
      stop?.();
      const { stopped, message, next } = describeFailure(error);
      say(`${progress.stage ?? 'run'}: ${stopped ? 'stopped' : 'failed'}: ${message}`);
      say(next);
    },
    finished: () => stop?.(),
  };
}

function progressLine(progress: Progress, now: number): string | undefined {
  const current = progress.current(now);
  if (!current) return undefined;
  const { stage, share, passed, stageLeft, runLeft, epochs } = current;
  const parts = [
    share === undefined ? undefined : formatShare(share).trim(),
    `${formatDuration(passed)} passed`,
    stageLeft === undefined ? undefined : `${formatDuration(stageLeft)} left`,
    runLeft === undefined ? undefined : `${formatDuration(runLeft)} for the whole run`,
    epochs[0] && formatEpoch(epochs[0]),
  ];
  return `${stage}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}
