import type { RunView, TaskView } from 'dna-nas/run-tools/runs';
import type picocolors from 'picocolors';
import { cutLine, formatDuration, formatMagnitude, formatRating, formatShare, oneLine } from '../format.js';
import { formatLeft } from '../progress.js';
import { sparkline } from './sparkline.js';

type Colours = ReturnType<typeof picocolors.createColors>;

export interface Look {
  readonly width: number;
  /** Lines at most. @default all */
  readonly height?: number;
  readonly colours: Colours;
}

const SPARK = 24;
/** Columns below which there are no sparklines. */
const NARROW = 60;

/** A run in lines no wider than asked. */
export function viewLines(view: RunView, look: Look): string[] {
  const cut = (text: string) => cutLine(oneLine(text), look.width);
  const head = [look.colours.bold(cut(headText(view))), cut(stagesText(view)), ...timeLines(view).map(cut)];
  const rows = taskLines(view, look);
  const room = (look.height ?? Number.POSITIVE_INFINITY) - head.length - 1;
  const shown = rows.length > room ? rows.slice(0, Math.max(0, room - 1)) : rows;
  const hidden = rows.length - shown.length;
  const more = hidden > 0 ? [cut(`… ${hidden} more lines: the window is too low`)] : [];
  return [...head, ...(shown.length > 0 ? [''] : []), ...shown, ...more];
}

function headText({ name, preset, state, host }: RunView): string {
  const where = host === undefined ? '' : ` on ${host}`;
  return `${name}${preset === null ? '' : ` (${preset})`}: ${state}${where}`;
}

const MARKS = { done: '✓', begun: '▸', 'to come': '·' } as const;

/** Stages without tasks are told by their marks alone. */
function stagesText({ stages }: RunView): string {
  return stages
    .map(({ stage, state, tasks, finished, share }) => {
      const far = tasks > 0 && state !== 'done' ? ` ${formatShare(share).trim()} (${finished}/${tasks})` : '';
      return `${MARKS[state]} ${stage}${far}`;
    })
    .join('  ');
}

function timeLines({ seconds, stageLeft, runLeft, stages, speed, memory }: RunView): string[] {
  const begun = stages.find(({ state }) => state === 'begun');
  const times = [
    `${formatDuration(seconds)} passed`,
    stageLeft && begun && `about ${formatLeft(stageLeft, `left of ${begun.stage}`)}`,
    runLeft && formatLeft(runLeft, 'left of the run'),
  ];
  const figures = [
    speed && `${formatMagnitude(speed.macsPerSecond)} multiply-adds/s`,
    speed && speed.stepsPerSecond > 0 && `${speed.stepsPerSecond.toPrecision(3)} steps/s`,
    speed && speed.imagesPerSecond > 0 && `${formatMagnitude(speed.imagesPerSecond)} images/s`,
    speed && speed.waited >= 0.01 && `${Math.round(100 * speed.waited)} % waiting`,
    memory !== undefined && `${(memory / 1e9).toFixed(2)} GB`,
  ].filter((part) => typeof part === 'string');
  return [times.filter(Boolean).join(', '), ...(figures.length > 0 ? [figures.join(' · ')] : [])];
}

function taskLines(view: RunView, look: Look): string[] {
  const rated = new Map(
    view.tasks
      .filter(({ stage }) => stage === 'rank')
      .map((task) => [`${task.block}.${task.cell}`, task] as const),
  );
  return view.tasks
    .filter(({ stage }) => stage !== 'rank')
    .sort(inOrder)
    .map((task) => taskLine(task, rated.get(`${task.block}.${task.cell}`), look));
}

function inOrder(one: TaskView, other: TaskView): number {
  const place = ({ stage, block = 0, cell = 0 }: TaskView) =>
    (stage === 'distill' ? 0 : 1e6) + 1000 * block + cell;
  return place(one) - place(other) || one.id.localeCompare(other.id, 'en', { numeric: true });
}

function nameOf({ id, stage, block, cell }: TaskView): string {
  if (stage === 'distill' && block !== undefined && cell !== undefined)
    return `block ${block + 1} cell ${cell + 1}`;
  return id;
}

const STATES = { finished: '✓', claimed: '▸', open: ' ' } as const;
const NAME = 18;

function taskLine(task: TaskView, rating: TaskView | undefined, { width, colours }: Look): string {
  const { state, share, curve, epoch } = task;
  const mark = `${STATES[state]} ${nameOf(task).padEnd(NAME)} ${formatShare(share)}`;
  const loss = curve.at(-1)?.loss;
  const words = [
    loss === undefined ? undefined : `loss ${formatRating(loss)}`,
    epoch?.metrics.top1 === undefined ? undefined : `accuracy ${(100 * epoch.metrics.top1).toFixed(2)} %`,
    rating && ratingText(rating),
  ].filter((part) => part !== undefined);
  const spark =
    width < NARROW
      ? ''
      : sparkline(
          curve.map((point) => point.loss),
          SPARK,
        );
  const left = cutLine(`${mark}  `, width);
  const picture = cutLine(spark, Math.max(0, width - left.length));
  const rest = cutLine(
    `${spark && '  '}${oneLine(words.join(', '))}`,
    Math.max(0, width - left.length - picture.length),
  );
  const line = `${left}${colours.cyan(picture)}${rest}`.trimEnd();
  return state === 'open' && share === 0 ? colours.dim(line) : line;
}

function ratingText({ state, share, ratings }: TaskView): string | undefined {
  if (ratings) return `best rating ${formatRating(ratings.best)}`;
  return state === 'open' && share === 0 ? undefined : `rated${formatShare(share)}`;
}
