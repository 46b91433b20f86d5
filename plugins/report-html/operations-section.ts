import { type Markup, tag } from './markup.js';
import { count, rating } from './numbers.js';
import { label, line, picture } from './picture.js';
import { axisLabels, scaleOf } from './ratings-section.js';
import type { CellRatingsRecord, ReportData } from './run-data.js';

const WIDTH = 300;
const NAMES = 96;
const TOP = 30;
const ROW = 20;
const FOOT = 28;

/** The ratings of all candidates that have an operation, rising. */
interface Spread {
  readonly name: string;
  readonly values: readonly number[];
}

/** How ratings are spread by operation, a picture for each block. */
export function operationsSection(data: ReportData): Markup | undefined {
  const blocks = (data.blocks ?? []).flatMap((_, block) => {
    const spreads = spreadsOf(data, block);
    return spreads.length > 1 ? [blockPicture(block, spreads)] : [];
  });
  if (blocks.length === 0) return undefined;
  return tag(
    'section',
    { 'aria-labelledby': 'operations' },
    tag('h2', { id: 'operations' }, 'Ratings by operation'),
    tag(
      'p',
      {},
      'The ratings of all candidates of a block that have an operation in one of their layers, lower is better: the line holds nine tenths of them, the bar half, and the mark is the median.',
    ),
    tag('div', { class: 'grid' }, blocks),
  );
}

function spreadsOf({ blocks, ratings = [] }: ReportData, block: number): Spread[] {
  const byName = new Map<string, number[]>();
  for (const cell of ratings.filter((one) => one.block === block)) {
    const layers = blocks?.[block]?.cells[cell.cell]?.layers;
    if (layers) addCell(byName, cell, layers);
  }
  return [...byName].map(([name, values]) => ({ name, values: values.sort((a, b) => a - b) }));
}

/** A candidate with an operation in two layers counts twice. */
function addCell(
  byName: Map<string, number[]>,
  { choices, values }: CellRatingsRecord,
  layers: readonly (readonly string[])[],
): void {
  let below = values.length;
  for (const [layer, operations] of choices.entries()) {
    below /= operations;
    for (const [number, value] of values.entries()) {
      if (!Number.isFinite(value)) continue;
      const name = layers[layer]?.[Math.floor(number / below) % operations] ?? `#${layer}`;
      const own = byName.get(name);
      if (own) own.push(value);
      else byName.set(name, [value]);
    }
  }
}

function blockPicture(block: number, spreads: readonly Spread[]): Markup {
  const bottom = TOP + spreads.length * ROW;
  const ends = spreads.flatMap((one) => [quantile(one, 0.05), quantile(one, 0.95)]);
  const scale = scaleOf(ends, [NAMES, WIDTH - 4]);
  return picture(
    {
      id: `operations-${block}`,
      width: WIDTH,
      height: bottom + FOOT,
      title: `Ratings by operation of block ${block + 1}`,
      description: spreads.map((one) => `${words(one)}.`).join(' '),
    },
    label({ x: 4, y: 16 }, `Block ${block + 1}`, { kind: 'strong' }),
    spreads.map((spread, row) => drawSpread(spread, { y: TOP + (row + 0.5) * ROW, scale })),
    line(NAMES, bottom, WIDTH - 4, bottom, 'axis'),
    axisLabels(scale, { left: NAMES, right: WIDTH - 4, bottom }),
  );
}

function drawSpread(
  spread: Spread,
  { y, scale }: { readonly y: number; readonly scale: (value: number) => number },
): Markup {
  const at = (share: number) => scale(quantile(spread, share));
  const [left, right] = [at(0.25), at(0.75)];
  return tag(
    'g',
    {},
    tag('title', {}, words(spread)),
    label({ x: 4, y: y + 4 }, spread.name.slice(0, 12), { kind: 'tick' }),
    line(at(0.05), y, at(0.95), y, 'flow'),
    tag('rect', { x: left, y: y - 5, width: Math.max(1, right - left), height: 10, rx: 2, class: 'bar' }),
    line(at(0.5), y - 6, at(0.5), y + 6, 'at-found'),
  );
}

function words(spread: Spread): string {
  const middle = [0.25, 0.75].map((share) => rating(quantile(spread, share))).join(' to ');
  return `${spread.name}: median ${rating(quantile(spread, 0.5))}, half of ${count(spread.values.length)} from ${middle}`;
}

function quantile({ values }: Spread, share: number): number {
  return values[Math.round(share * (values.length - 1))]!;
}
