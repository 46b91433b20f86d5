import picocolors from 'picocolors';
import type { ConsoleEnvironment } from './environment.js';
import { describeFailure } from './failure.js';
import { cutLine, formatDuration, formatShare, oneLine } from './format.js';
import { LiveArea } from './live-area.js';
import { formatEpoch, Progress, type StageProgress } from './progress.js';
import type { Reporter } from './reporter.js';

type Colours = ReturnType<typeof picocolors.createColors>;

/** Seconds between two drawings of the area. */
const FRAME = 0.1;
const BAR = 28;
const NAME = 9;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** One area that is drawn over again, and a line for each finished stage above it. */
export function createTerminalReporter(environment: ConsoleEnvironment): Reporter {
  const progress = new Progress();
  const area = new LiveArea(environment.progress);
  const colours = picocolors.createColors(environment.colour);
  let drawn = Number.NEGATIVE_INFINITY;
  const draw = () => {
    const now = environment.now();
    drawn = now;
    const current = progress.current(now);
    area.draw(current ? areaLines(current, { now, width: area.width, colours }) : []);
  };
  let stops: (() => void)[] | undefined;
  const end = () => {
    for (const stop of stops ?? []) stop();
    area.end();
  };
  const leave = (mark: string, text: string) =>
    area.leave(`${mark} ${cutLine(oneLine(text), area.width - 2)}`);
  return {
    stageStarted(event) {
      stops ??= [environment.every(FRAME, draw), environment.onExit(() => area.end())];
      progress.stageStarted(event, environment.now());
      draw();
    },
    stageFinished({ stage, seconds, result }) {
      progress.stageFinished({ stage, seconds, result });
      area.draw([]);
      leave(colours.green('✓'), stageLine(stage, formatDuration(seconds), result));
    },
    workDone(event) {
      progress.workDone(event, environment.now());
      if (environment.now() - drawn >= FRAME) draw();
    },
    epochFinished: (event) => progress.epochFinished(event),
    noticed: (message) => leave(colours.yellow('!'), message),
    failed(error) {
      const { stopped, message, next } = describeFailure(error);
      const current = progress.current(environment.now());
      end();
      const mark = stopped ? colours.yellow('■') : colours.red('✗');
      const passed = formatDuration(current?.passed ?? 0);
      // Whole, not cut: what went wrong may take more than one row.
      environment.progress.write(
        `${mark} ${stageLine(current?.stage ?? 'run', passed, message)}\n  ${next}\n`,
      );
    },
    finished: () => end(),
  };
}

const stageLine = (stage: string, time: string, text: string) =>
  `${stage.padEnd(NAME)} ${time.padStart(7)}  ${text}`;

function areaLines(
  current: StageProgress,
  { now, width, colours }: { now: number; width: number; colours: Colours },
): string[] {
  const { stage, description, share, passed, stageLeft, runLeft, epochs } = current;
  const spinner = SPINNER[Math.floor(now / FRAME) % SPINNER.length]!;
  const time = formatDuration(passed);
  const lines = [
    `${colours.cyan(spinner)} ${cutLine(stageLine(stage, time, oneLine(description)), width - 2)}`,
  ];
  const times = [
    stageLeft === undefined ? undefined : `${formatDuration(stageLeft)} left`,
    runLeft === undefined ? undefined : `run ${formatDuration(runLeft)}`,
  ].filter((part) => part !== undefined);
  if (share !== undefined) {
    const text = `${formatShare(share)}  ${times.join(' · ')}`.trimEnd();
    lines.push(barLine(share, text, { width, colours }));
  }
  for (const epoch of epochs) lines.push(colours.dim(cutLine(`  ${formatEpoch(epoch)}`, width)));
  return lines;
}

/** The bar gives way to the figures where the terminal is narrow. */
function barLine(
  share: number,
  text: string,
  { width, colours }: { width: number; colours: Colours },
): string {
  const cells = Math.min(BAR, width - 4 - text.length);
  if (cells < 5) return `  ${cutLine(text.trim(), width - 2)}`;
  const full = Math.round(cells * share);
  return `  ${colours.cyan('━'.repeat(full))}${colours.dim('─'.repeat(cells - full))}  ${text}`;
}
