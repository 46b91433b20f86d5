import type { StageFinished, StageStarted, WorkDone } from 'dna-nas/core';
import type { EpochFinished } from 'dna-nas/core/stages';
import picocolors from 'picocolors';
import type { ConsoleEnvironment } from './environment.js';
import { describeFailure } from './failure.js';
import { cutLine, formatDuration, formatShare, oneLine } from './format.js';
import { LiveArea } from './live-area.js';
import { formatEpoch, formatLeft, Progress, type StageProgress } from './progress.js';
import type { Reporter } from './reporter.js';

type Colours = ReturnType<typeof picocolors.createColors>;

/** Seconds between two drawings of the area. */
const FRAME = 0.1;
const BAR = 28;
const NAME = 9;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** One area that is drawn over again, and a line for each finished stage above it. */
export class TerminalReporter implements Reporter {
  readonly #environment: ConsoleEnvironment;
  readonly #progress = new Progress();
  readonly #area: LiveArea;
  readonly #colours: Colours;
  #drawn = Number.NEGATIVE_INFINITY;
  #stops: readonly (() => void)[] | undefined;

  constructor(environment: ConsoleEnvironment) {
    this.#environment = environment;
    this.#area = new LiveArea(environment.progress);
    this.#colours = picocolors.createColors(environment.colour);
  }

  stageStarted(event: StageStarted): void {
    this.#stops ??= [
      this.#environment.every(FRAME, () => this.#draw()),
      this.#environment.onExit(() => this.#area.end()),
    ];
    this.#progress.stageStarted(event, this.#environment.now());
    this.#draw();
  }

  stageFinished({ stage, seconds, result }: StageFinished): void {
    this.#progress.stageFinished();
    this.#area.draw([]);
    this.#leave(this.#colours.green('✓'), stageLine(stage, formatDuration(seconds), result));
  }

  workDone(event: WorkDone): void {
    this.#progress.workDone(event, this.#environment.now());
    // Also without the timer, which a busy thread does not serve.
    if (this.#environment.now() - this.#drawn >= FRAME) this.#draw();
  }

  epochFinished(event: EpochFinished): void {
    this.#progress.epochFinished(event);
  }

  noticed(message: string): void {
    this.#leave(this.#colours.yellow('!'), message);
  }

  failed(error: Error): void {
    const current = this.#progress.current(this.#environment.now());
    this.finished();
    const { stopped, words } = describeFailure(error);
    const mark = stopped ? this.#colours.yellow('■') : this.#colours.red('✗');
    this.#leave(mark, stageLine(current?.stage ?? 'run', formatDuration(current?.passed ?? 0), words));
  }

  finished(): void {
    for (const stop of this.#stops ?? []) stop();
    this.#area.end();
  }

  #draw(): void {
    this.#drawn = this.#environment.now();
    const current = this.#progress.current(this.#drawn);
    const look = { now: this.#drawn, width: this.#area.width, colours: this.#colours };
    this.#area.draw(current ? areaLines(current, look) : []);
  }

  #leave(mark: string, text: string): void {
    this.#area.leave(`${mark} ${cutLine(oneLine(text), this.#area.width - 2)}`);
  }
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
  const times = [stageLeft && formatLeft(stageLeft), runLeft && `run ${formatLeft(runLeft)}`].filter(
    (part) => part !== undefined,
  );
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
