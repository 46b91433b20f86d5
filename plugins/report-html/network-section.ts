import type { RunSoFar } from 'dna-nas/core';
import type { NetworkComparison, NetworkResult } from 'dna-nas/core/stages';
import {
  accuracyName,
  differenceWords,
  formatPoints,
  formatPointsInterval,
  imagesText,
  isAgreement,
  isRandomName,
  randomRatings,
  standingWords,
  tellsTop5,
} from 'dna-nas/run-tools/words';
import { type Markup, tag } from './markup.js';
import { capitalised, count, magnitude, percent, rating } from './numbers.js';
import type { ReportData } from './run-data.js';

const named = (data: ReportData, name: string) =>
  data.summary.networks.find((network) => network.name === name);

/** One sentence that says what came out. */
export function leadSentence(data: ReportData): string {
  const found = named(data, 'found');
  if (data.complete === false) return unfinishedSentence(data);
  const given = data.summary.networks[0];
  if (data.summary.rating === null && given) {
    const cost = `${count(given.params)} parameters and ${magnitude(given.macs)} multiply-adds`;
    return `${given.name}, with ${cost}, reached ${reachedWords(given)} when trained from scratch.`;
  }
  if (!found) return `The best network's rating is ${rating(data.summary.rating ?? Number.NaN)}.`;
  const size = `${count(found.params)} parameters and ${magnitude(found.macs)} multiply-adds`;
  const reached = `The network that was found has ${size}, and ${reachedWords(found)}`;
  return `${reached}${differenceToRandom(data)}.`;
}

/** `a test accuracy of 81.20 %`, `an agreement with the teacher of 81.20 %`. */
function reachedWords(network: NetworkResult): string {
  const article = isAgreement([network]) ? 'an' : 'a';
  return `${article} ${accuracyName([network])} of ${percent(network.top1)}`;
}

/** What the search was worth; nothing is said of a difference whose interval is not known. */
function differenceToRandom({ summary }: ReportData): string {
  const { standing } = summary;
  if (standing) return `: ${standingWords(standing, { of: ' of the same cost' })}`;
  const compared = comparisonWith(summary, 'random');
  if (!compared) return '';
  const by = imagesText(compared.images);
  return `: ${differenceWords(compared, { from: 'a random network of the same cost', by })}`;
}

function comparisonWith({ comparisons }: RunSoFar, name: string): NetworkComparison | undefined {
  return comparisons?.find(({ network, against }) => network === 'found' && against === name);
}

function unfinishedSentence({ summary }: ReportData): string {
  const stage = Object.keys(summary.stages).at(-1);
  const reached =
    stage === undefined ? 'It has not come through a stage' : `Its last stage so far was ${stage}`;
  return `This run is not complete. ${reached}; what follows is what there is.`;
}

/** The figures at the top. */
export function tiles(data: ReportData): Markup {
  const [random, teacher] = ['random', 'teacher'].map((name) => named(data, name));
  const isGiven = data.summary.rating === null;
  const found = isGiven ? data.summary.networks[0] : named(data, 'found');
  const kind = isGiven ? 'given network' : 'found network';
  const tile = (term: string, value: string, note: string) =>
    tag(
      'div',
      {},
      tag('dt', {}, term),
      tag('dd', { class: 'value' }, value),
      tag('dd', { class: 'note' }, note),
    );
  const share = (part: number, whole: number | undefined) =>
    whole ? `${Number(((100 * part) / whole).toPrecision(2))} % of the teacher’s` : `of the ${kind}`;
  return tag(
    'dl',
    { class: 'tiles' },
    found &&
      tile(
        capitalised(accuracyName([found])),
        percent(found.top1),
        random ? `random network ${percent(random.top1)}` : kind,
      ),
    found && tile('Multiply-adds', magnitude(found.macs), share(found.macs, teacher?.macs)),
    found && tile('Parameters', magnitude(found.params), share(found.params, teacher?.params)),
    typeof data.summary.rating === 'number' &&
      tile('Rating', rating(data.summary.rating), 'distance to the teacher; lower is better'),
  );
}

/** The table of networks. */
export function networkSection(data: ReportData): Markup | undefined {
  if (data.summary.networks.length === 0) return undefined;
  const shown = columns(data);
  const head = tag(
    'tr',
    {},
    shown.map(([heading]) => tag('th', { scope: 'col' }, heading)),
  );
  const rows = data.summary.networks.map((network) => networkRow(network, shown));
  const words =
    data.summary.rating === null
      ? 'The network was given; there was no search.'
      : `All tested on the same images. ${randomWords(data)} from the same space, at the cost of the found one. ${comparedWords(data)}`;
  return tag(
    'section',
    { 'aria-labelledby': 'networks' },
    tag('h2', { id: 'networks' }, 'Networks'),
    tag('p', {}, words),
    tag('div', { class: 'scroll' }, tag('table', {}, tag('thead', {}, head), tag('tbody', {}, rows))),
  );
}

function randomWords({ summary }: ReportData): string {
  const isOne = summary.networks.filter(({ name }) => isRandomName(name)).length < 2;
  return isOne ? 'The random network was drawn evenly' : 'The random networks were drawn evenly';
}

/** How the table's differences came about. */
function comparedWords({ summary: { comparisons, standing } }: ReportData): string {
  if (!comparisons) return '';
  const pairs =
    'Differences are counted image by image and have 95 % intervals: one that holds zero shows none. They tell of the images alone, not of another seed.';
  const among =
    'The interval of the difference to the random networks’ mean has their spread in it, which is that of architectures and of trainings alike.';
  return standing ? `${pairs} ${among}` : pairs;
}

/** A heading and what stands below it for a network. */
type Column = readonly [heading: string, cell: (network: NetworkResult) => string];

function columns({ summary, search }: ReportData): Column[] {
  const ratings: Record<string, number | undefined> = {
    found: summary.rating ?? undefined,
    ...(search && randomRatings(search)),
  };
  const some = (has: (network: NetworkResult) => unknown) => summary.networks.some(has);
  const interval: Column = ['95 % interval', ({ intervals }) => range(intervals?.top1)];
  const top5: Column = ['Top-5', (network) => (network.top5 === undefined ? '–' : percent(network.top5))];
  const balanced: Column = [
    'Balanced accuracy',
    (network) => (network.balanced === undefined ? '–' : percent(network.balanced)),
  ];
  const rated: Column = ['Rating', ({ name }) => (ratings[name] === undefined ? '–' : rating(ratings[name]))];
  const compared: Column = ['Found against it, points', ({ name }) => pointsAgainst(summary, name)];
  return [
    ['Network', ({ name }) => name],
    ['Parameters', ({ params }) => count(params)],
    ['Multiply-adds', ({ macs }) => count(macs)],
    [capitalised(accuracyName(summary.networks)), ({ top1 }) => percent(top1)],
    ...(some(({ intervals }) => intervals) ? [interval] : []),
    ...(some((network) => network.balanced !== undefined) ? [balanced] : []),
    ...(summary.comparisons ? [compared] : []),
    ...(tellsTop5(summary.networks) ? [top5] : []),
    ...(summary.rating === null ? [] : [rated]),
  ];
}

function pointsAgainst(summary: RunSoFar, name: string): string {
  const compared = comparisonWith(summary, name);
  if (!compared) return '–';
  return `${formatPoints(compared.difference)} (${formatPointsInterval(compared.interval)})`;
}

function range(interval: readonly [low: number, high: number] | undefined): string {
  return interval ? `${interval.map((end) => (100 * end).toFixed(2)).join('–')} %` : '–';
}

function swatch(name: string): string {
  if (isRandomName(name)) return 'random';
  return ['found', 'teacher'].includes(name) ? name : 'other';
}

function networkRow(network: NetworkResult, shown: readonly Column[]): Markup {
  const [first, ...others] = shown.map(([, cell]) => cell(network));
  return tag(
    'tr',
    { class: network.name === 'found' ? 'strong' : undefined },
    tag('th', { scope: 'row' }, tag('span', { class: `swatch ${swatch(network.name)}` }), first),
    others.map((content) => tag('td', {}, content)),
  );
}
