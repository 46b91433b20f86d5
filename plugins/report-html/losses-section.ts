import { counted } from 'dna-nas/errors';
import type { CellLosses } from 'dna-nas/run-tools';
import { type Axes, gridOf } from './axes.js';
import { type Markup, round, tag } from './markup.js';
import { rating } from './numbers.js';
import { label, picture } from './picture.js';
import type { ReportData } from './run-data.js';
import { DECADES_FROM, linearScale, logarithmicScale } from './scale.js';

const WIDTH = 300;
const HEIGHT = 170;
const PLOT = { left: 44, right: 292, top: 34, bottom: 138 };

/** How the loss of every cell fell while it learned the teacher's feature maps, a picture for each block. */
export function lossesSection(data: ReportData): Markup | undefined {
  const drawn = (data.losses ?? []).filter(({ curve }) => curve.length > 1);
  if (drawn.length === 0) return undefined;
  const blocks = [...new Set(drawn.map(({ block }) => block))].sort((a, b) => a - b);
  const legend =
    data.search &&
    tag(
      'ul',
      { class: 'legend' },
      tag('li', {}, tag('span', { class: 'swatch found' }), 'cell of the found network'),
      tag('li', {}, tag('span', { class: 'swatch other' }), 'other cells'),
    );
  const pictures = blocks.map((block) => {
    const cells = drawn.filter((one) => one.block === block);
    return blockPicture(data, cells);
  });
  return lossesFrame({ words: WORDS, legend, pictures });
}

const WORDS =
  'The loss of each cell over its training steps: the distance of a drawn path’s output to the teacher’s feature map. A line that still falls at its end would gain by more epochs. Blocks cannot be compared: each has its own teacher features.';

/** The section of losses, of one run or of several. */
export function lossesFrame({
  words,
  legend,
  pictures,
}: {
  readonly words: string;
  readonly legend: Markup | undefined;
  readonly pictures: readonly Markup[];
}): Markup {
  return tag(
    'section',
    { 'aria-labelledby': 'losses' },
    tag('h2', { id: 'losses' }, 'Distillation of the cells'),
    tag('p', {}, words),
    legend,
    tag('div', { class: 'grid' }, pictures),
  );
}

function blockPicture(data: ReportData, cells: readonly CellLosses[]): Markup {
  const { block } = cells[0]!;
  const found = data.search?.best.architecture[block]?.cell;
  // The found one lies on top.
  const ordered = [...cells].sort((a, b) => Number(a.cell === found) - Number(b.cell === found));
  const lines = ordered.map((one) => ({
    curve: one.curve,
    kind: one.cell === found ? 'found' : 'other',
    words: cellWords(data, one),
  }));
  return lossesPicture(block, lines);
}

/** One cell's curve. */
export interface LossLine extends Pick<CellLosses, 'curve'> {
  /** Classes of its line, each after `curve-`. */
  readonly kind: string;
  readonly words: string;
}

/** The curves of a block's cells; the last lies on top. */
export function lossesPicture(block: number, lines: readonly LossLine[]): Markup {
  const axes = axesOf(lines);
  return picture(
    {
      id: `losses-${block}`,
      width: WIDTH,
      height: HEIGHT,
      title: `Losses of block ${block + 1}`,
      description: lines.map(({ words }) => `${words}.`).join(' '),
    },
    label({ x: 4, y: 16 }, `Block ${block + 1}`, { kind: 'strong' }),
    label({ x: PLOT.right, y: 16 }, counted(lines.length, 'cell'), {
      anchor: 'end',
      kind: 'tick',
    }),
    grid(axes),
    lines.map((one) => curveOf(one, axes)),
  );
}

/** `cell 2 (3 × 24): 0.31 at first, 0.12 at last`. */
export function cellWords({ blocks }: ReportData, { block, cell, curve }: CellLosses): string {
  const shape = blocks?.[block]?.cells[cell];
  const size = shape ? ` (${shape.layers.length} × ${shape.channels})` : '';
  return `cell ${cell + 1}${size}: ${rating(curve[0]!.loss)} at first, ${rating(curve.at(-1)!.loss)} at last`;
}

function axesOf(lines: readonly LossLine[]): Axes {
  const losses = lines.flatMap(({ curve }) => curve.map(({ loss }) => loss));
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const steps = Math.max(...lines.map(({ curve }) => curve.at(-1)!.step));
  const scale = low > 0 && high / low > DECADES_FROM ? logarithmicScale : linearScale;
  return {
    x: linearScale([0, steps], [PLOT.left, PLOT.right], 4),
    y: scale([low, high], [PLOT.bottom, PLOT.top], 4),
  };
}

function grid(axes: Axes): Markup[] {
  return [
    ...gridOf(axes, { plot: PLOT, gap: { x: 17, y: 6 }, farthest: PLOT.right - 12 }),
    label({ x: (PLOT.left + PLOT.right) / 2, y: HEIGHT - 2 }, 'steps', { anchor: 'middle', kind: 'tick' }),
  ];
}

function curveOf({ curve, kind, words }: LossLine, { x, y }: Axes): Markup {
  const points = curve.map(({ step, loss }) => `${round(x(step))} ${round(y(loss))}`);
  const path = { d: `M${points.join('L')}`, class: `curve-${kind}` };
  return tag('path', path, tag('title', {}, words));
}
