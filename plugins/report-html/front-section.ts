import type { FoundArchitecture, SearchResult } from 'dna-nas/core/stages';
import { type Axes, gridOf } from './axes.js';
import { type Markup, round, tag } from './markup.js';
import { costName, count, magnitude, rating } from './numbers.js';
import { label, line, picture } from './picture.js';
import type { ReportData } from './run-data.js';
import { linearScale } from './scale.js';

const WIDTH = 920;
const HEIGHT = 380;
const PLOT = { left: 64, right: 896, top: 30, bottom: 326 };

interface CostAxes extends Axes {
  readonly cost: string;
}

/** The best rating at each cost, with the limit, the found and the random network. */
export function frontSection(data: ReportData): Markup | undefined {
  const { search, limits } = data;
  if (!search || search.front.length === 0) return undefined;
  const cost = Object.keys(search.best.costs).find((name) => name in limits) ?? 'macs';
  const axes = axesOf(search, cost, limits[cost]);
  const name = costName(cost);
  return tag(
    'section',
    { 'aria-labelledby': 'front' },
    tag('h2', { id: 'front' }, 'Rating against cost'),
    tag('p', {}, `Each point is the best network that the search found for so many ${name} or fewer.`),
    picture(
      {
        id: 'pareto',
        width: WIDTH,
        height: HEIGHT,
        title: `Rating against ${name}`,
        description: describe(search, cost),
      },
      grid(axes),
      limitLine(axes, limits[cost]),
      frontLine(search, axes, limits[cost]),
      marks(search, axes),
    ),
    bestTable(search, cost),
  );
}

function describe({ best, random, front }: SearchResult, cost: string): string {
  const at = (network: FoundArchitecture) =>
    `${magnitude(network.costs[cost]!)}, rating ${rating(network.rating)}`;
  return `${front.length} networks from ${at(front[0]!)} to ${at(front.at(-1)!)}. Found: ${at(best)}. Random: ${at(random)}.`;
}

function axesOf({ best, random, front }: SearchResult, cost: string, limit: number | undefined): CostAxes {
  const shown = [...front, best, random];
  const costs = shown.map((network) => network.costs[cost]!).concat(limit ?? []);
  const ratings = shown.map((network) => network.rating);
  return {
    cost,
    x: linearScale(padded(costs), [PLOT.left, PLOT.right], 7),
    y: linearScale(padded(ratings), [PLOT.bottom, PLOT.top], 5),
  };
}

/** The values' range and a little on both sides. */
function padded(values: readonly number[]): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  const margin = (high - low || Math.abs(high) || 1) * 0.05;
  return [low - margin, high + margin];
}

function grid({ cost, ...axes }: CostAxes): Markup[] {
  return [
    ...gridOf(axes, { plot: PLOT, gap: { x: 20, y: 10 }, xText: magnitude }),
    label({ x: (PLOT.left + PLOT.right) / 2, y: HEIGHT - 10 }, costName(cost), { anchor: 'middle' }),
    label({ x: PLOT.left - 10, y: 16 }, 'rating', { anchor: 'end' }),
  ];
}

function limitLine({ x }: CostAxes, limit: number | undefined): Markup | undefined {
  if (limit === undefined) return undefined;
  return tag(
    'g',
    {},
    line(x(limit), PLOT.top - 4, x(limit), PLOT.bottom, 'limit'),
    label({ x: x(limit) - 7, y: PLOT.top - 10 }, `limit ${magnitude(limit)}`, { anchor: 'end' }),
  );
}

/** Steps: between two networks the cheaper one is still the best. */
function frontLine({ front }: SearchResult, { cost, x, y }: CostAxes, limit: number | undefined): Markup[] {
  const networks = [...front].sort((a, b) => a.costs[cost]! - b.costs[cost]!);
  const across = (network: FoundArchitecture) => round(x(network.costs[cost]!));
  const up = (network: FoundArchitecture) => round(y(network.rating));
  const [first, ...others] = networks;
  const steps = others.map((network) => `H${across(network)}V${up(network)}`).join('');
  const rest = limit === undefined ? '' : `H${round(x(limit))}`;
  const path = `M${across(first!)} ${up(first!)}${steps}${rest}`;
  const radius = networks.length > 80 ? 2.5 : 4;
  return [
    tag('path', { d: path, class: 'front' }),
    ...networks.map((network) =>
      tag(
        'circle',
        { cx: x(network.costs[cost]!), cy: y(network.rating), r: radius, class: 'point' },
        tag(
          'title',
          {},
          `${network.text}\nrating ${rating(network.rating)}, ${count(network.costs[cost]!)} ${costName(cost)}`,
        ),
      ),
    ),
  ];
}

function marks({ best, random }: SearchResult, { cost, x, y }: CostAxes): Markup[] {
  const mark = (network: FoundArchitecture, which: 'found' | 'random') => {
    const [cx, cy] = [x(network.costs[cost]!), y(network.rating)];
    const left = cx > PLOT.right - 90;
    const place = { x: cx + (left ? -12 : 12), y: cy + (which === 'found' ? -10 : 5) };
    return tag(
      'g',
      {},
      tag('circle', { cx, cy, r: 7, class: `mark-${which}` }, tag('title', {}, network.text)),
      label(place, which, { anchor: left ? 'end' : 'start', kind: `name-${which}` }),
    );
  };
  return [mark(random, 'random'), mark(best, 'found')];
}

function bestTable({ top }: SearchResult, cost: string): Markup | undefined {
  if (top.length === 0) return undefined;
  const headings = ['Place', 'Rating', capital(costName(cost)), 'Architecture'];
  const rows = top.map((network, i) =>
    tag(
      'tr',
      {},
      tag('td', {}, i + 1),
      tag('td', {}, rating(network.rating)),
      tag('td', {}, count(network.costs[cost]!)),
      tag('td', { class: 'text' }, tag('code', {}, network.text)),
    ),
  );
  const head = headings.map((heading, i) =>
    tag('th', { scope: 'col', class: i === 3 ? 'text' : undefined }, heading),
  );
  return tag(
    'details',
    {},
    tag('summary', {}, `The ${top.length} best within the limits`),
    tag(
      'div',
      { class: 'scroll' },
      tag('table', {}, tag('thead', {}, tag('tr', {}, head)), tag('tbody', {}, rows)),
    ),
  );
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
