import { counted } from 'dna-nas/errors';
import type { LatencyRecord } from 'dna-nas/latency';
import { type Axes, gridOf } from './axes.js';
import { type Markup, tag } from './markup.js';
import { count } from './numbers.js';
import { label, line, picture } from './picture.js';
import type { ReportData } from './run-data.js';
import { linearScale } from './scale.js';

const WIDTH = 920;
const HEIGHT = 380;
const PLOT = { left: 64, right: 896, top: 30, bottom: 326 };

type Judged = NonNullable<LatencyRecord['judgement']>;

/** What the table of latencies is worth that networks were priced by: predicted against measured. */
export function latencySection({ search }: ReportData): Markup | undefined {
  const record = search?.latency as LatencyRecord | undefined;
  if (!record) return undefined;
  const { file, runtime, machine, threads, batch, layers, rounds, judgement } = record;
  const place =
    `Networks are priced by ${file}: ${counted(layers, 'layer')} in ${counted(rounds, 'round')}, measured with ${runtime}, ` +
    `${counted(threads, 'thread')} and batches of ${count(batch)} on ${machine}.`;
  return tag(
    'section',
    { 'aria-labelledby': 'latency' },
    tag('h2', { id: 'latency' }, 'Predicted against measured latency'),
    tag('p', {}, place),
    tag('p', {}, worth(record)),
    judgement && pointsPicture(judgement),
    judgement && table(judgement),
  );
}

function worth({ correction, judgement }: LatencyRecord): string {
  const { constant, factor, fitted } = correction;
  if (fitted === 0) return 'No whole networks were measured, so a latency is the plain sum of layers.';
  const fit = `A network takes ${milliseconds(constant)} + ${factor.toFixed(3)} × the sum of its layers, fitted on ${count(fitted)} whole networks.`;
  return judgement
    ? `${fit} On ${judgedText(judgement)}.`
    : `${fit} No other networks were measured to judge it by.`;
}

function judgedText({ networks, medianError, greatestError, rankCorrelation }: Judged): string {
  return (
    `${count(networks.length)} others its median error is ${percent(medianError)}, its greatest ${percent(greatestError)}, ` +
    `and the rank correlation (Spearman’s) ${rankCorrelation.toFixed(3).replace('-', '−')}`
  );
}

function pointsPicture(judged: Judged): Markup {
  const { networks } = judged;
  const all = networks.flatMap(({ predicted, measured }) => [predicted, measured]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const margin = 0.04 * (high - low || high || 1);
  const range = [low - margin, high + margin] as const;
  const axes: Axes = {
    x: linearScale(range, [PLOT.left, PLOT.right], 8),
    y: linearScale(range, [PLOT.bottom, PLOT.top], 6),
  };
  const description = `Each point is a network that the fit did not see; on the line both are the same. On ${judgedText(judged)}.`;
  return picture(
    {
      id: 'latency-points',
      width: WIDTH,
      height: HEIGHT,
      title: 'Latency, predicted and measured',
      description,
    },
    gridOf(axes, { plot: PLOT, gap: { x: 20, y: 10 } }),
    line(axes.x(range[0]), axes.y(range[0]), axes.x(range[1]), axes.y(range[1]), 'axis'),
    networks.map(({ predicted, measured }) =>
      tag('circle', { cx: axes.x(predicted), cy: axes.y(measured), r: 4, class: 'spot k3' }),
    ),
    label({ x: (PLOT.left + PLOT.right) / 2, y: HEIGHT - 10 }, 'predicted, milliseconds', {
      anchor: 'middle',
    }),
    label({ x: 0, y: 16 }, 'measured, milliseconds'),
  );
}

const HEAD = ['Predicted', 'Measured', 'Error', 'Network'];

function table({ networks }: Judged): Markup {
  const rows = networks
    .toSorted((a, b) => a.measured - b.measured)
    .map(({ predicted, measured, architecture }) =>
      tag(
        'tr',
        {},
        [milliseconds(predicted), milliseconds(measured), percent(predicted / measured - 1)].map((text) =>
          tag('td', {}, text),
        ),
        tag('td', { class: 'text' }, architecture),
      ),
    );
  const head = HEAD.map((heading, at) =>
    tag('th', { scope: 'col', class: at === HEAD.length - 1 ? 'text' : undefined }, heading),
  );
  return tag(
    'div',
    { class: 'scroll' },
    tag('table', {}, tag('thead', {}, tag('tr', {}, head)), tag('tbody', {}, rows)),
  );
}

const milliseconds = (value: number) => `${value.toFixed(3)} ms`;
const percent = (share: number) => `${(100 * share).toFixed(1).replace('-', '−')} %`;
