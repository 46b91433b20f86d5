import { type AuditFigures, type AuditRecord, auditNames } from './audit-record.js';
import { type Markup, tag } from './markup.js';
import { count, magnitude, tickLabel } from './numbers.js';
import { label, line, picture } from './picture.js';
import type { ReportData } from './run-data.js';
import { linearScale, type Scale } from './scale.js';

const WIDTH = 920;
const HEIGHT = 400;
const PLOT = { left: 64, right: 896, top: 30, bottom: 346 };
/** Shades of size, small to large. */
const SHADES = 4;

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
}

/** Ratings against accuracies that are known, and what predicts them how well. */
export function auditSection({ audit }: ReportData): Markup | undefined {
  if (!audit || audit.points.rating.length === 0) return undefined;
  const limits = sizeLimits(audit.points.macs);
  return tag(
    'section',
    { 'aria-labelledby': 'audit' },
    tag('h2', { id: 'audit' }, 'Ratings against known accuracies'),
    tag('p', {}, audit.verdict),
    legend(audit.points.macs, limits),
    scatter(audit, limits),
    table(audit),
    tag('p', { class: 'note' }, explanation(audit)),
  );
}

/** Multiply-adds that part the networks into as many shades of equally many networks. */
function sizeLimits(macs: readonly number[]): number[] {
  const sorted = [...macs].sort((a, b) => a - b);
  const limits = Array.from(
    { length: SHADES - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / SHADES)]!,
  );
  return [...new Set(limits)];
}

function shadeOf(macs: number, limits: readonly number[]): number {
  return 1 + limits.filter((limit) => macs >= limit).length;
}

function legend(macs: readonly number[], limits: readonly number[]): Markup {
  const edges = [Math.min(...macs), ...limits, Math.max(...macs)];
  const entries = edges
    .slice(1)
    .map((edge, i) =>
      tag('li', {}, tag('span', { class: `box k${i + 1}` }), `${magnitude(edges[i]!)} to ${magnitude(edge)}`),
    );
  return tag('ul', { class: 'legend' }, tag('li', {}, 'multiply-adds:'), entries);
}

function scatter({ n, points, predictors }: AuditRecord, limits: readonly number[]): Markup {
  const { rating, accuracy, macs } = points;
  const axes = {
    x: linearScale(padded(rating), [PLOT.left, PLOT.right], 8),
    y: linearScale(padded(accuracy), [PLOT.bottom, PLOT.top], 6),
  };
  const shown =
    rating.length < n
      ? `${count(rating.length)} of ${count(n)} networks, drawn at random`
      : `${count(n)} networks`;
  const radius = rating.length > 500 ? 2.5 : 4;
  return picture(
    {
      id: 'audit-points',
      width: WIDTH,
      height: HEIGHT,
      title: 'Accuracy against rating',
      description: `${shown}. A lower rating is to mean a higher accuracy: Kendall's tau is ${figure(predictors.rating.kendallTau)}.`,
    },
    grid(axes),
    rating.map((value, i) => {
      const place = { cx: axes.x(value), cy: axes.y(accuracy[i]!), r: radius };
      return tag('circle', { ...place, class: `spot k${shadeOf(macs[i]!, limits)}` });
    }),
    label({ x: PLOT.right, y: 16 }, shown, { anchor: 'end', kind: 'tick' }),
  );
}

function padded(values: readonly number[]): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  const margin = (high - low || Math.abs(high) || 1) * 0.04;
  return [low - margin, high + margin];
}

function grid({ x, y }: Axes): Markup[] {
  return [
    ...y.ticks.flatMap((tick) => [
      line(PLOT.left, y(tick), PLOT.right, y(tick), 'rule'),
      label({ x: PLOT.left - 10, y: y(tick) + 4 }, `${tickLabel(tick)} %`, { anchor: 'end', kind: 'tick' }),
    ]),
    line(PLOT.left, PLOT.bottom, PLOT.right, PLOT.bottom, 'axis'),
    ...x.ticks.map((tick) =>
      label({ x: x(tick), y: PLOT.bottom + 20 }, tickLabel(tick), { anchor: 'middle', kind: 'tick' }),
    ),
    label({ x: (PLOT.left + PLOT.right) / 2, y: HEIGHT - 10 }, 'rating of the network, lower is better', {
      anchor: 'middle',
    }),
    label({ x: 0, y: 16 }, 'accuracy'),
  ];
}

const HEAD = ['Predictor', 'Kendall’s tau', 'Spearman', 'Regret of 1', 'Regret of 10', 'Tau at one size'];

function table({ predictors }: AuditRecord): Markup {
  const rows = auditNames(predictors).map(([name, text]) => {
    const one = predictors[name]!;
    return tag(
      'tr',
      { class: name === 'rating' ? 'strong' : undefined },
      tag('td', {}, text),
      cell(figure(one.kendallTau), one.interval, figure),
      cell(figure(one.spearman), one.spearmanInterval, figure),
      cell(points(one.regret[1].points), one.regret[1].interval, points),
      cell(points(one.regret[10].points), one.regret[10].interval, points),
      cell(figure(one.sizeMatchedTau), one.sizeMatchedInterval, figure),
    );
  });
  const head = HEAD.map((heading) => tag('th', { scope: 'col' }, heading));
  return tag(
    'div',
    { class: 'scroll' },
    tag('table', {}, tag('thead', {}, tag('tr', {}, head)), tag('tbody', {}, rows)),
  );
}

function cell(value: string, interval: AuditFigures['interval'], show: (value: number) => string): Markup {
  const range = interval && tag('span', { class: 'range' }, `${show(interval[0])} to ${show(interval[1])}`);
  return tag('td', {}, value, range ?? false);
}

function figure(value: number | null): string {
  return value === null ? 'none' : value.toFixed(3).replace('-', '−');
}

function points(value: number): string {
  return value.toFixed(2).replace('-', '−');
}

function explanation({ resamples, conditionalTau, ceiling }: AuditRecord): string {
  const ceilingText =
    ceiling === null
      ? ''
      : ` One training against the mean of the others has a tau of ${figure(ceiling)}, which a predictor will hardly exceed.`;
  return (
    `Small figures are 95 % intervals of ${count(resamples)} resamples of the networks. Regret: the best accuracy of all less the best ` +
    'of those that the predictor picks, in points. At one size: among pairs whose multiply-adds differ by at most 5 %. ' +
    `With the multiply-adds held still the rating's tau is ${figure(conditionalTau.macs)}, with the parameters ${figure(conditionalTau.params)}.${ceilingText}`
  );
}
