import type { CellChoice } from 'dna-nas/core/contracts';
import { standingOf } from './candidates.js';
import { type Markup, tag } from './markup.js';
import { count, rating } from './numbers.js';
import { lookOf, type OperationLook } from './operation.js';
import { label, line, picture } from './picture.js';
import type { ReportData } from './run-data.js';

const WIDTH = 920;
const NAMES = 168;
const STANDING = 190;
const ROW = 84;
const BOX = { width: 84, least: 38, greatest: 64, gap: 16 };

interface BlockRow {
  readonly index: number;
  readonly choice: CellChoice;
  readonly layers: readonly OperationLook[];
  readonly channels: number | undefined;
}

/** The found network, block by block. */
export function architectureSection(data: ReportData): Markup | undefined {
  const { architecture } = data.summary;
  if (architecture === undefined) return undefined;
  const rows = blockRows(data);
  return tag(
    'section',
    { 'aria-labelledby': 'architecture' },
    tag('h2', { id: 'architecture' }, 'The found architecture'),
    tag(
      'p',
      {},
      'Each row is a block and each box a layer: its shade tells the size of the kernel, its height the expansion.',
    ),
    rows.length > 0 && legend(rows),
    rows.length > 0 && drawing(data, rows),
    tag('pre', {}, tag('code', {}, architecture)),
  );
}

function blockRows({ search, blocks }: ReportData): BlockRow[] {
  return (search?.best.architecture ?? []).map((choice, index) => {
    const cell = blocks?.[index]?.cells[choice.cell];
    const names = choice.path.map((operation, layer) => cell?.layers[layer]?.[operation] ?? `#${operation}`);
    return { index, choice, layers: names.map(lookOf), channels: cell?.channels };
  });
}

/** Kernel sizes of the picture, rising; their place is their shade. */
function kernelsOf(rows: readonly BlockRow[]): number[] {
  const kernels = rows.flatMap(({ layers }) => layers.flatMap(({ kernel }) => (kernel ? [kernel] : [])));
  return [...new Set(kernels)].sort((a, b) => a - b);
}

/** Shades 1 to 4; 0 for operations without a kernel. The smallest kernel always has the same. */
function shadeOf(kernel: number | undefined, kernels: readonly number[]): number {
  return kernel === undefined ? 0 : Math.min(4, kernels.indexOf(kernel) + 1);
}

function legend(rows: readonly BlockRow[]): Markup {
  const kernels = kernelsOf(rows);
  const entries = kernels.map((kernel) =>
    tag('li', {}, tag('span', { class: `box k${shadeOf(kernel, kernels)}` }), `kernel ${kernel}×${kernel}`),
  );
  const widened = rows.some(({ layers }) => layers.some(({ expansion }) => expansion !== undefined));
  return tag(
    'ul',
    { class: 'legend' },
    entries,
    widened && tag('li', {}, '×n: expansion, the layer is n times as wide inside'),
  );
}

function drawing(data: ReportData, rows: readonly BlockRow[]): Markup {
  const most = Math.max(...rows.map(({ layers }) => layers.length));
  const room = (WIDTH - NAMES - STANDING) / most;
  const step = Math.min(BOX.width + BOX.gap, room);
  const description = rows
    .map(({ index, layers }) => `Block ${index + 1}: ${layers.map(({ name }) => name).join(', ')}.`)
    .join(' ');
  return picture(
    { id: 'network', width: WIDTH, height: rows.length * ROW, title: 'Layers of each block', description },
    rows.map((row) => drawRow(data, row, { kernels: kernelsOf(rows), tallest: tallestOf(rows), step })),
  );
}

function tallestOf(rows: readonly BlockRow[]): number {
  return Math.max(1, ...rows.flatMap(({ layers }) => layers.map(({ expansion }) => expansion ?? 0)));
}

interface Drawing {
  readonly kernels: readonly number[];
  readonly tallest: number;
  /** Pixels from one layer to the next. */
  readonly step: number;
}

function drawRow(data: ReportData, row: BlockRow, options: Drawing): Markup {
  const { index, layers, channels, choice } = row;
  const middle = ROW / 2;
  const end = NAMES + layers.length * options.step;
  const output = data.boundaries?.[index]?.output;
  const shape = output && `${output.height}×${output.width}`;
  const about = [shape, channels && `${channels} channels`].filter(Boolean).join(', ');
  const standing = data.ratings && standingOf(data.ratings, index, choice);
  return tag(
    'g',
    { transform: `translate(0 ${index * ROW})` },
    index > 0 && line(0, 0, WIDTH, 0, 'rule'),
    label({ x: 0, y: middle - 3 }, `Block ${index + 1}`, { kind: 'strong' }),
    label({ x: 0, y: middle + 16 }, about),
    line(NAMES - 12, middle, end, middle, 'flow'),
    layers.map((layer, i) => drawLayer(layer, NAMES + i * options.step, options)),
    standing &&
      label({ x: WIDTH, y: middle - 3 }, `rating ${rating(standing.rating)}`, {
        anchor: 'end',
        kind: 'value',
      }),
    standing &&
      label({ x: WIDTH, y: middle + 16 }, `${ordinal(standing.rank)} of ${count(standing.candidates)}`, {
        anchor: 'end',
      }),
  );
}

function drawLayer(layer: OperationLook, x: number, { kernels, tallest, step }: Drawing): Markup {
  const width = Math.max(6, step - Math.min(BOX.gap, step / 6));
  const share = (layer.expansion ?? 1) / tallest;
  const height = BOX.least + (BOX.greatest - BOX.least) * Math.min(1, share);
  const shade = shadeOf(layer.kernel, kernels);
  const lines = wordsOf(layer, width);
  const first = ROW / 2 + (lines.length > 1 ? -3 : 5);
  return tag(
    'g',
    {},
    tag('title', {}, layer.name),
    tag('rect', { x, y: (ROW - height) / 2, width, height, rx: 7, class: `k${shade}` }),
    lines.map((words, i) =>
      label({ x: x + width / 2, y: first + 16 * i }, words, {
        anchor: 'middle',
        kind: `in-box k${shade}-ink`,
      }),
    ),
  );
}

/** What fits the box: kernel and expansion, or the start of the name. */
function wordsOf({ name, kernel, expansion }: OperationLook, width: number): string[] {
  const fitting = Math.floor((width - 4) / 7.5);
  const known = [kernel && `${kernel}×${kernel}`, expansion && `×${expansion}`].filter(
    (words) => !!words,
  ) as string[];
  if (known.length > 0) return known.filter((words) => words.length <= fitting);
  return fitting > 0 ? [name.slice(0, fitting)] : [];
}

function ordinal(rank: number): string {
  if (rank === 1) return 'best';
  const teens = rank % 100 > 10 && rank % 100 < 14;
  const ending = teens ? 'th' : (['th', 'st', 'nd', 'rd'][rank % 10] ?? 'th');
  return `${count(rank)}${ending}`;
}
