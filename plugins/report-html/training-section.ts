import { wilsonInterval } from 'dna-nas/accuracy';
import type { EpochResult, NetworkResult } from 'dna-nas/core/stages';
import { accuracyName, isRandomName } from 'dna-nas/run-tools/words';
import { type Axes, gridOf } from './axes.js';
import { type Markup, round, tag } from './markup.js';
import { capitalised, percent, tickLabel } from './numbers.js';
import { label, picture } from './picture.js';
import type { ReportData } from './run-data.js';
import { linearScale } from './scale.js';

const WIDTH = 920;
const HEIGHT = 320;
const PLOT = { left: 64, right: 896, top: 30, bottom: 266 };

/** A network whose accuracy was measured often enough for a line. */
type Measured = NetworkResult & Required<Pick<NetworkResult, 'epochs' | 'images'>>;

/** Test accuracy over the epochs of training from scratch, with its confidence interval. */
export function trainingSection({ summary }: ReportData): Markup | undefined {
  const networks = summary.networks.filter(isMeasured);
  if (networks.length === 0) return undefined;
  return tag(
    'section',
    { 'aria-labelledby': 'training' },
    tag('h2', { id: 'training' }, 'Training from scratch'),
    tag(
      'p',
      {},
      `${capitalised(accuracyName(networks))} after each epoch; the bands are 95 % intervals. ${bestWords(networks)}`,
    ),
    accuraciesPicture(
      networks.map((network) => ({ ...network, kind: isRandomName(network.name) ? 'random' : 'found' })),
    ),
  );
}

/** A network's accuracies over its training. */
export interface AccuracyLine extends Pick<Measured, 'name' | 'epochs' | 'images' | 'agreementWith'> {
  /** Class of its line, after `curve-`. */
  readonly kind: string;
}

/** Whether a line can be drawn of it. */
export function isMeasured(network: NetworkResult): network is Measured {
  return (network.epochs?.length ?? 0) > 1 && network.images !== undefined;
}

/** Accuracies with their intervals over the epochs. */
export function accuraciesPicture(lines: readonly AccuracyLine[]): Markup {
  const axes = axesOf(lines);
  return picture(
    {
      id: 'accuracies',
      width: WIDTH,
      height: HEIGHT,
      title: `${capitalised(accuracyName(lines))} over the epochs`,
      description: lines.map(describe).join(' '),
    },
    grid(axes),
    lines.map((line) => curve(line, axes)),
  );
}

function interval(share: number, images: number): readonly [low: number, high: number] {
  return wilsonInterval(Math.round(share * images), images);
}

function bestWords(networks: readonly Measured[]): string {
  const words = networks.flatMap(({ name, best }) =>
    best ? [`${name} was best at epoch ${tickLabel(best.epoch)} with ${percent(best.top1)}`] : [],
  );
  return words.length > 0 ? `${words.join(', ')}: chosen on these images, so that it flatters.` : '';
}

function describe({ name, epochs }: AccuracyLine): string {
  const [first, last] = [epochs[0]!, epochs.at(-1)!];
  const at = ({ epoch, top1 }: EpochResult) => `${percent(top1)} at epoch ${tickLabel(epoch)}`;
  return `${name}: from ${at(first)} to ${at(last)}.`;
}

function axesOf(networks: readonly AccuracyLine[]): Axes {
  const ends = networks.flatMap(({ epochs, images }) => epochs.flatMap(({ top1 }) => interval(top1, images)));
  const most = Math.max(...networks.map(({ epochs }) => epochs.at(-1)!.epoch));
  return {
    x: linearScale([0, most], [PLOT.left, PLOT.right], 10),
    y: linearScale([Math.min(...ends), Math.max(...ends)], [PLOT.bottom, PLOT.top], 5),
  };
}

function grid(axes: Axes): Markup[] {
  const yText = (tick: number) => `${tickLabel(100 * tick)} %`;
  return [
    ...gridOf(axes, { plot: PLOT, gap: { x: 20, y: 10 }, yText }),
    label({ x: (PLOT.left + PLOT.right) / 2, y: HEIGHT - 10 }, 'epochs', { anchor: 'middle' }),
  ];
}

function curve({ name, epochs, images, kind }: AccuracyLine, { x, y }: Axes): Markup {
  const points = (value: (epoch: EpochResult) => number, order = epochs) =>
    order.map((epoch) => `${round(x(epoch.epoch))} ${round(y(value(epoch)))}`).join('L');
  const end = (index: 0 | 1) => (epoch: EpochResult) => interval(epoch.top1, images)[index];
  const band = `M${points(end(1))}L${points(end(0), [...epochs].reverse())}Z`;
  const last = epochs.at(-1)!;
  const place = { x: x(last.epoch) - 6, y: y(last.top1) + (kind === 'random' ? 18 : -10) };
  return tag(
    'g',
    {},
    tag('path', { d: band, class: `band-${kind}` }),
    tag('path', { d: `M${points(({ top1 }) => top1)}`, class: `curve-${kind}` }),
    label(place, name, { anchor: 'end', kind: `name-${kind}` }),
  );
}
