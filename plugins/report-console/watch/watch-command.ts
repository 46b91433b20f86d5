import { resolve } from 'node:path';
import type { PluginCommand } from 'dna-nas/core';
import { RunViewer } from 'dna-nas/run-tools/runs';
import picocolors from 'picocolors';
import { type ConsoleEnvironment, processEnvironment } from '../environment.js';
import { LiveArea } from '../live-area.js';
import { viewLines } from './view-lines.js';

const SECONDS_A_LOOK = 1;
/** q, and what Ctrl-C and Ctrl-D send. */
const QUIT = ['q', 'Q', '\u0003', '\u0004'];
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** `dna watch`: a run at work or ended, as its folder shows it. */
export const watchCommand: PluginCommand = {
  name: 'watch',
  description: 'Watch a run by its folder: stages, cells, losses, time left, speed. q leaves it alone.',
  argument: 'run',
  options: {
    properties: { run: { type: 'string', minLength: 1, description: 'The folder of the run.' } },
    required: ['run'],
  },
  async run({ run }, { project }) {
    const { stdin, stdout, env } = process;
    const viewer = new RunViewer(resolve(project, String(run)));
    const environment: ConsoleEnvironment = { ...processEnvironment(), progress: stdout };
    const live = Boolean(stdout.isTTY) && env.TERM !== 'dumb';
    const colour = live && !env.NO_COLOR;
    if (!live) return printOnce(viewer, environment);
    await watch(viewer, { environment, colour, ended: (end) => onQuit(stdin, end) });
  },
};

function printOnce(viewer: RunViewer, { progress }: ConsoleEnvironment): void {
  const look = { width: progress.columns ?? 100, colours: picocolors.createColors(false) };
  progress.write(
    viewLines(viewer.look(), look)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

export interface Watching {
  readonly environment: ConsoleEnvironment;
  readonly colour: boolean;
  /** Calls when the person has seen enough; the answer stops listening. */
  ended(end: () => void): () => void;
}

/** Draws the run again and again until it is complete, or the person has seen enough; the last picture stays. */
export async function watch(viewer: RunViewer, { environment, colour, ended }: Watching): Promise<void> {
  const { progress } = environment;
  const area = new LiveArea(progress);
  const colours = picocolors.createColors(colour);
  let lines: readonly string[] = [];
  const draw = () => {
    const view = viewer.look();
    lines = viewLines(view, { width: area.width, height: (progress.rows ?? 24) - 1, colours });
    area.draw(lines);
    return view.state === 'complete';
  };
  if (!draw())
    await new Promise<void>((done, failed) => {
      const stops = [
        ended(() => end()),
        environment.onExit(() => area.end()),
        environment.every(SECONDS_A_LOOK, () => {
          try {
            if (draw()) end();
          } catch (error) {
            end(error);
          }
        }),
      ];
      const end = (error?: unknown) => {
        for (const stop of stops) stop();
        if (error === undefined) return done();
        area.end();
        failed(error);
      };
    });
  area.end();
  progress.write(lines.map((line) => `${line}\n`).join(''));
}

/** q, Ctrl-C or a signal. */
function onQuit(stdin: NodeJS.ReadStream, end: () => void): () => void {
  const onKey = (keys: Buffer) => {
    if (QUIT.some((key) => keys.includes(key))) end();
  };
  for (const name of SIGNALS) process.on(name, end);
  if (stdin.isTTY) {
    stdin.setRawMode(true);
    stdin.resume();
    stdin.on('data', onKey);
  }
  // The timer of the looks keeps no process alive; this one does.
  const alive = setInterval(() => undefined, 2 ** 30);
  return () => {
    clearInterval(alive);
    for (const name of SIGNALS) process.off(name, end);
    stdin.off('data', onKey);
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
  };
}
