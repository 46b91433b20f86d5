import type { FoundArchitecture, SearchResult } from 'dna-nas/core/stages';
import { type Axes, gridOf } from './axes.js';
import { type Markup, round, tag } from './markup.js';
import { capitalised, costName, count, magnitude, rating } from './numbers.js';
import { label, line, picture } from './picture.js';
import type { ReportData } from './run-data.js';
import { linearScale } from './scale.js';

const WIDTH = 920;
const HEIGHT = 380;
const PLOT = { left: 64, right: 896, top: 30, bottom: 326 };

interface CostAxes extends Axes {
  readonly cost: string;
}

/** One search's front in a picture. */
export interface FrontLine {
  readonly networks: readonly FoundArchitecture[];
  /** Networks with a name of their own, the last on top. */
  readonly marks: readonly {
    readonly network: FoundArchitecture;
    readonly name: string;
    readonly kind: string;
  }[];
  /** Of the cost. */
  readonly limit?: number | undefined;
  /** Classes of the line and of its points. */
  readonly line: string;
  readonly point: string;
}

/** The best rating at each cost, with the limit, the found and the random network. */
export function frontSection({ search, limits }: ReportData): Markup | undefined {
  if (!search || search.front.length === 0) return undefined;
  const cost = frontCost(search, limits);
  const { best, random, front } = search;
  const line: FrontLine = {
    networks: front,
    marks: [
      { network: random, name: 'random', kind: 'random' },
      { network: best, name: 'found', kind: 'found' },
    ],
    limit: limits[cost],
    line: 'front',
    point: 'point',
  };
  return tag(
    'section',
    { 'aria-labelledby': 'front' },
    tag('h2', { id: 'front' }, 'Rating against cost'),
    tag(
      'p',
      {},
      `Each point is the best network that the search found for so many ${costName(cost)} or fewer.`,
    ),
    frontPicture(cost, [line]),
    bestTable(search, cost),
  );
}

/** The cost that a search's front is of: the first that is limited. */
export function frontCost({ best }: SearchResult, limits: ReportData['limits']): string {
  return Object.keys(best.costs).find((name) => name in limits) ?? 'macs';
}

/** Fronts of one cost over one another. */
export function frontPicture(cost: string, lines: readonly FrontLine[]): Markup {
  const axes = axesOf(cost, lines);
  return picture(
    {
      id: 'pareto',
      width: WIDTH,
      height: HEIGHT,
      title: `Rating against ${costName(cost)}`,
      description: lines.map((line) => describe(line, cost)).join(' '),
    },
    grid(axes),
    [...new Set(lines.flatMap(({ limit }) => limit ?? []))].map((limit) => limitLine(axes, limit)),
    lines.map((line) => frontLine(line, axes)),
    lines.map((line) => marks(line, axes)),
  );
}

function describe({ networks, marks }: FrontLine, cost: string): string {
  const at = ({ costs, rating: value }: FoundArchitecture) =>
    `${magnitude(costs[cost]!)}, rating ${rating(value)}`;
  const named = marks.map(({ name, network }) => ` ${capitalised(name)}: ${at(network)}.`).reverse();
  return `${networks.length} networks from ${at(networks[0]!)} to ${at(networks.at(-1)!)}.${named.join('')}`;
}

function axesOf(cost: string, lines: readonly FrontLine[]): CostAxes {
  const shown = lines.flatMap(({ networks, marks }) => [...networks, ...marks.map(({ network }) => network)]);
  const costs = shown.map((network) => network.costs[cost]!);
  const ratings = shown.map((network) => network.rating);
  return {
    cost,
    x: linearScale(
      padded(costs.concat(lines.flatMap(({ limit }) => limit ?? []))),
      [PLOT.left, PLOT.right],
      7,
    ),
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

function limitLine({ x }: CostAxes, limit: number): Markup {
  return tag(
    'g',
    {},
    line(x(limit), PLOT.top - 4, x(limit), PLOT.bottom, 'limit'),
    label({ x: x(limit) - 7, y: PLOT.top - 10 }, `limit ${magnitude(limit)}`, { anchor: 'end' }),
  );
}

/** Steps: between two networks the cheaper one is still the best. */
function frontLine({ limit, ...front }: FrontLine, { cost, x, y }: CostAxes): Markup[] {
  const networks = [...front.networks].sort((a, b) => a.costs[cost]! - b.costs[cost]!);
  const across = (network: FoundArchitecture) => round(x(network.costs[cost]!));
  const up = (network: FoundArchitecture) => round(y(network.rating));
  const [first, ...others] = networks;
  const steps = others.map((network) => `H${across(network)}V${up(network)}`).join('');
  const rest = limit === undefined ? '' : `H${round(x(limit))}`;
  const path = `M${across(first!)} ${up(first!)}${steps}${rest}`;
  const radius = networks.length > 80 ? 2.5 : 4;
  return [
    tag('path', { d: path, class: front.line }),
    ...networks.map((network) =>
      tag(
        'circle',
        { cx: x(network.costs[cost]!), cy: y(network.rating), r: radius, class: front.point },
        tag(
          'title',
          {},
          `${network.text}\nrating ${rating(network.rating)}, ${count(network.costs[cost]!)} ${costName(cost)}`,
        ),
      ),
    ),
  ];
}

function marks({ marks: named }: FrontLine, { cost, x, y }: CostAxes): Markup[] {
  return named.map(({ network, name, kind }) => {
    const [cx, cy] = [x(network.costs[cost]!), y(network.rating)];
    const left = cx > PLOT.right - 90;
    const place = { x: cx + (left ? -12 : 12), y: cy + (kind === 'random' ? 5 : -10) };
    return tag(
      'g',
      {},
      tag('circle', { cx, cy, r: 7, class: `mark-${kind}` }, tag('title', {}, network.text)),
      label(place, name, { anchor: left ? 'end' : 'start', kind: `name-${kind}` }),
    );
  });
}

function bestTable({ top }: SearchResult, cost: string): Markup | undefined {
  if (top.length === 0) return undefined;
  const headings = ['Place', 'Rating', capitalised(costName(cost)), 'Architecture'];
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
