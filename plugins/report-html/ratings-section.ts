import { ratingsOfBlock, standingOf } from './candidates.js';
import { type Markup, tag } from './markup.js';
import { count, rating, tickLabel } from './numbers.js';
import { label, line, picture } from './picture.js';
import type { ReportData } from './run-data.js';
import { DECADES_FROM, linearScale, logarithmicScale, type Scale } from './scale.js';

const WIDTH = 300;
const HEIGHT = 150;
const PLOT = { left: 4, right: 296, top: 34, bottom: 122 };
const BINS = 36;

/** How the ratings of all candidates are spread, a picture for each block. */
export function ratingsSection(data: ReportData): Markup | undefined {
  if (!data.ratings || !data.search) return undefined;
  const blocks = data.search.best.architecture.map((_, block) => blockPicture(data, block));
  const key = (kind: string, words: string) => tag('li', {}, tag('span', { class: `swatch ${kind}` }), words);
  return tag(
    'section',
    { 'aria-labelledby': 'ratings' },
    tag('h2', { id: 'ratings' }, 'Ratings of all candidates'),
    tag(
      'p',
      {},
      'How many candidates of each block have which rating: their distance to the teacher’s block, lower is better. The search takes the best sum under the limits, which is not the best of every block.',
    ),
    tag('ul', { class: 'legend' }, key('found', 'found network'), key('random', 'random network')),
    tag('div', { class: 'grid' }, blocks),
  );
}

function blockPicture(data: ReportData, block: number): Markup | false {
  const values = ratingsOfBlock(data.ratings ?? [], block).filter(Number.isFinite);
  if (values.length === 0) return false;
  const scale = scaleOf(values, [PLOT.left, PLOT.right]);
  const standing = (which: 'best' | 'random') => {
    const choice = data.search?.[which].architecture[block];
    return choice && data.ratings && standingOf(data.ratings, block, choice);
  };
  const [found, random] = [standing('best'), standing('random')];
  const description =
    `${count(values.length)} candidates rated from ${rating(extent(values)[0])} to ${rating(extent(values)[1])}` +
    (found ? `; the found network's ${rating(found.rating)} is number ${count(found.rank)}.` : '.');
  return picture(
    {
      id: `ratings-${block}`,
      width: WIDTH,
      height: HEIGHT,
      title: `Ratings of block ${block + 1}`,
      description,
    },
    label({ x: PLOT.left, y: 16 }, `Block ${block + 1}`, { kind: 'strong' }),
    label({ x: PLOT.right, y: 16 }, `${count(values.length)} candidates`, { anchor: 'end', kind: 'tick' }),
    bars(values, scale),
    line(PLOT.left, PLOT.bottom, PLOT.right, PLOT.bottom, 'axis'),
    axisLabels(scale, PLOT),
    random && mark(scale(random.rating), 'random'),
    found && mark(scale(found.rating), 'found'),
  );
}

/** Least and greatest; a spread argument list would overflow the stack on large spaces. */
function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

/** Between two pixels; logarithmic where ratings span decades. */
export function scaleOf(values: readonly number[], [left, right]: readonly [number, number]): Scale {
  const [low, high] = extent(values);
  const pixels = [left + 6, right - 6] as const;
  const logarithmic = low > 0 && high / low > DECADES_FROM;
  return (logarithmic ? logarithmicScale : linearScale)([low, high], pixels, 4);
}

function bars(values: readonly number[], scale: Scale): Markup[] {
  const counts = new Array<number>(BINS).fill(0);
  const width = (PLOT.right - PLOT.left) / BINS;
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((scale(value) - PLOT.left) / width))]!++;
  const highest = Math.max(...counts);
  return counts.flatMap((number, bin) => {
    if (number === 0) return [];
    const height = Math.max(2, (number / highest) * (PLOT.bottom - PLOT.top));
    const place = { x: PLOT.left + bin * width + 0.75, y: PLOT.bottom - height, width: width - 1.5, height };
    return [
      tag('rect', { ...place, rx: 1.5, class: 'bar' }, tag('title', {}, `${count(number)} candidates`)),
    ];
  });
}

/** Values below an axis. */
export function axisLabels(
  scale: Scale,
  { left, right, bottom }: { readonly left: number; readonly right: number; readonly bottom: number },
): Markup[] {
  return scale.ticks.map((tick) => {
    const x = Math.min(right - 14, Math.max(left + 14, scale(tick)));
    return label({ x, y: bottom + 17 }, tickLabel(tick), { anchor: 'middle', kind: 'tick' });
  });
}

function mark(x: number, which: 'found' | 'random'): Markup {
  const top = which === 'found' ? PLOT.top - 6 : PLOT.top + 6;
  return tag(
    'g',
    {},
    line(x, top, x, PLOT.bottom, `at-${which}`),
    tag('circle', { cx: x, cy: top, r: 4.5, class: `mark-${which}` }),
  );
}
