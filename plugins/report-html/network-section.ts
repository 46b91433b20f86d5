import type { NetworkResult } from 'dna-nas/core';
import { type Markup, tag } from './markup.js';
import { count, magnitude, percent, rating } from './numbers.js';
import type { ReportData } from './run-data.js';

const named = (data: ReportData, name: string) =>
  data.summary.networks.find((network) => network.name === name);

/** One sentence that says what came out. */
export function leadSentence(data: ReportData): string {
  const found = named(data, 'found');
  const rated = data.summary.rating;
  if (!data.complete) return unfinishedSentence(data);
  if (!found) return rated === undefined ? '' : `The best network's rating is ${rating(rated)}.`;
  const random = named(data, 'random');
  const size = `${count(found.params)} parameters and ${magnitude(found.macs)} multiply-adds`;
  const reached = `The network that was found has ${size}, and a test accuracy of ${percent(found.top1)}`;
  return random
    ? `${reached}: ${pointsFrom(found, random)} a random network of the same cost.`
    : `${reached}.`;
}

function unfinishedSentence({ summary }: ReportData): string {
  const stage = Object.keys(summary.stages).at(-1);
  const reached =
    stage === undefined ? 'It has not come through a stage' : `Its last stage so far was ${stage}`;
  return `This run is not complete. ${reached}; what follows is what there is.`;
}

function pointsFrom(found: NetworkResult, random: NetworkResult): string {
  const points = 100 * (found.top1 - random.top1);
  if (Math.abs(points) < 0.005) return 'the same as';
  return `${Math.abs(points).toFixed(2)} points ${points > 0 ? 'above' : 'below'}`;
}

/** The figures at the top. */
export function tiles(data: ReportData): Markup {
  const [found, random, teacher] = ['found', 'random', 'teacher'].map((name) => named(data, name));
  const tile = (term: string, value: string, note: string) =>
    tag(
      'div',
      {},
      tag('dt', {}, term),
      tag('dd', { class: 'value' }, value),
      tag('dd', { class: 'note' }, note),
    );
  const share = (part: number, whole: number | undefined) =>
    whole ? `${Number(((100 * part) / whole).toPrecision(2))} % of the teacher’s` : 'of the found network';
  return tag(
    'dl',
    { class: 'tiles' },
    found &&
      tile(
        'Test accuracy',
        percent(found.top1),
        random ? `random network ${percent(random.top1)}` : 'found network',
      ),
    found && tile('Multiply-adds', magnitude(found.macs), share(found.macs, teacher?.macs)),
    found && tile('Parameters', magnitude(found.params), share(found.params, teacher?.params)),
    data.summary.rating !== undefined &&
      tile('Rating', rating(data.summary.rating), 'distance to the teacher; lower is better'),
  );
}

/** The table of networks. */
export function networkSection(data: ReportData): Markup | undefined {
  if (data.summary.networks.length === 0) return undefined;
  const ratings: Record<string, number | undefined> = {
    found: data.summary.rating,
    random: data.search?.random.rating,
  };
  const rows = data.summary.networks.map((network) => networkRow(network, ratings[network.name]));
  const headings = ['Network', 'Parameters', 'Multiply-adds', 'Test accuracy', 'Rating'];
  const head = tag(
    'tr',
    {},
    headings.map((heading) => tag('th', { scope: 'col' }, heading)),
  );
  return tag(
    'section',
    { 'aria-labelledby': 'networks' },
    tag('h2', { id: 'networks' }, 'Networks'),
    tag(
      'p',
      {},
      'All tested on the same images. The random network was drawn evenly from the same space, at the cost of the found one.',
    ),
    tag('div', { class: 'scroll' }, tag('table', {}, tag('thead', {}, head), tag('tbody', {}, rows))),
  );
}

function networkRow({ name, params, macs, top1 }: NetworkResult, rated: number | undefined): Markup {
  const known = ['found', 'random', 'teacher'].includes(name) ? name : 'other';
  return tag(
    'tr',
    { class: name === 'found' ? 'strong' : undefined },
    tag('th', { scope: 'row' }, tag('span', { class: `swatch ${known}` }), name),
    tag('td', {}, count(params)),
    tag('td', {}, count(macs)),
    tag('td', {}, percent(top1)),
    tag('td', {}, rated === undefined ? '–' : rating(rated)),
  );
}
