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

/** The layers of a block in a picture. */
export interface LayersRow {
  readonly title: string;
  /** Class of the title. @default 'strong' */
  readonly kind?: string;
  /** Below the title. */
  readonly about: string;
  readonly layers: readonly OperationLook[];
  /** At the end of the row, one below the other. */
  readonly standing?: readonly [string, string] | undefined;
  /** Whether a rule stands above it. */
  readonly rule: boolean;
  /** For those who cannot see it. */
  readonly spoken: string;
}

/** The found network, block by block. */
export function architectureSection(data: ReportData): Markup | undefined {
  const { architecture } = data.summary;
  if (architecture === undefined) return undefined;
  return tag(
    'section',
    { 'aria-labelledby': 'architecture' },
    tag('h2', { id: 'architecture' }, 'The found architecture'),
    tag('p', {}, `Each row is a block and each box a layer: ${LOOK}`),
    layersPicture(blockRows(data)),
    tag('pre', {}, tag('code', {}, architecture)),
  );
}

/** What a layer's box tells. */
export const LOOK = 'its shade tells the size of the kernel, its height the expansion.';

/** Rows of layers with what their looks mean; nothing where there are none. */
export function layersPicture(rows: readonly LayersRow[]): (Markup | false)[] {
  return [rows.length > 0 && legend(rows), rows.length > 0 && drawing(rows)];
}

function blockRows(data: ReportData): LayersRow[] {
  return (data.search?.best.architecture ?? []).map((choice, index) => {
    const cell = data.blocks?.[index]?.cells[choice.cell];
    const output = data.boundaries?.[index]?.output;
    const shape = output && `${output.height}×${output.width}`;
    const standing = data.ratings && standingOf(data.ratings, index, choice);
    const layers = choice.path.map((operation, layer) => cell?.layers[layer]?.[operation] ?? `#${operation}`);
    return {
      title: `Block ${index + 1}`,
      about: [shape, cell && `${cell.channels} channels`].filter(Boolean).join(', '),
      layers: layers.map(lookOf),
      standing: standing && [
        `rating ${rating(standing.rating)}`,
        `${ordinal(standing.rank)} of ${count(standing.candidates)}`,
      ],
      rule: index > 0,
      spoken: `Block ${index + 1}: ${layers.join(', ')}.`,
    };
  });
}

/** Kernel sizes of the picture, rising; their place is their shade. */
function kernelsOf(rows: readonly LayersRow[]): number[] {
  const kernels = rows.flatMap(({ layers }) => layers.flatMap(({ kernel }) => (kernel ? [kernel] : [])));
  return [...new Set(kernels)].sort((a, b) => a - b);
}

/** Shades 1 to 4; 0 for operations without a kernel. The smallest kernel always has the same. */
function shadeOf(kernel: number | undefined, kernels: readonly number[]): number {
  return kernel === undefined ? 0 : Math.min(4, kernels.indexOf(kernel) + 1);
}

function legend(rows: readonly LayersRow[]): Markup {
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

function drawing(rows: readonly LayersRow[]): Markup {
  const most = Math.max(...rows.map(({ layers }) => layers.length));
  const room = (WIDTH - NAMES - STANDING) / most;
  const step = Math.min(BOX.width + BOX.gap, room);
  const description = rows.map(({ spoken }) => spoken).join(' ');
  const look = { kernels: kernelsOf(rows), tallest: tallestOf(rows), step };
  return picture(
    { id: 'network', width: WIDTH, height: rows.length * ROW, title: 'Layers of each block', description },
    rows.map((row, index) => drawRow(row, index, look)),
  );
}

function tallestOf(rows: readonly LayersRow[]): number {
  return Math.max(1, ...rows.flatMap(({ layers }) => layers.map(({ expansion }) => expansion ?? 0)));
}

interface Drawing {
  readonly kernels: readonly number[];
  readonly tallest: number;
  /** Pixels from one layer to the next. */
  readonly step: number;
}

function drawRow(row: LayersRow, index: number, options: Drawing): Markup {
  const { title, kind = 'strong', about, layers, standing, rule } = row;
  const middle = ROW / 2;
  const end = NAMES + layers.length * options.step;
  return tag(
    'g',
    { transform: `translate(0 ${index * ROW})` },
    rule && line(0, 0, WIDTH, 0, 'rule'),
    label({ x: 0, y: middle - 3 }, title, { kind }),
    label({ x: 0, y: middle + 16 }, about),
    line(NAMES - 12, middle, end, middle, 'flow'),
    layers.map((layer, i) => drawLayer(layer, NAMES + i * options.step, options)),
    standing?.map((words, at) =>
      label({ x: WIDTH, y: middle - 3 + 19 * at }, words, {
        anchor: 'end',
        kind: at === 0 ? 'value' : 'label',
      }),
    ),
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
