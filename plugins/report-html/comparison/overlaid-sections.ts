import { accuracyName } from 'dna-nas/run-tools/words';
import { frontCost, frontPicture } from '../front-section.js';
import { cellWords, lossesFrame, lossesPicture } from '../losses-section.js';
import { type Markup, tag } from '../markup.js';
import { capitalised, costName } from '../numbers.js';
import { accuraciesPicture, isMeasured } from '../training-section.js';
import { type ComparedData, runsLegend } from './compared-data.js';

/** Accuracies over the epochs of the networks that are compared. */
export function trainingsSection(runs: readonly ComparedData[]): Markup | undefined {
  const lines = runs.flatMap(({ run: { name, network }, colour }) =>
    network && isMeasured(network) ? [{ ...network, name, kind: colour }] : [],
  );
  if (lines.length === 0) return undefined;
  return tag(
    'section',
    { 'aria-labelledby': 'training' },
    tag('h2', { id: 'training' }, 'Training from scratch'),
    tag('p', {}, `${capitalised(accuracyName(lines))} after each epoch; the bands are 95 % intervals.`),
    accuraciesPicture(lines),
  );
}

/** The fronts of all searches that price the first one's cost. */
export function frontsSection(runs: readonly ComparedData[]): Markup | undefined {
  const searched = runs.flatMap(({ data: { search, limits }, ...one }) =>
    search && search.front.length > 0 ? [{ ...one, search, limits }] : [],
  );
  const [first] = searched;
  if (!first) return undefined;
  const cost = frontCost(first.search, first.limits);
  const shown = searched.filter(({ search }) =>
    [search.best, ...search.front].every(({ costs }) => cost in costs),
  );
  const lines = shown.map(({ run, colour, search: { front, best }, limits }) => ({
    networks: front,
    marks: [{ network: best, name: run.name, kind: colour }],
    limit: limits[cost],
    line: `front line-${colour}`,
    point: `point fill-${colour}`,
  }));
  const words = `The best rating of each run for so many ${costName(cost)} or fewer. Fronts can be compared where teacher, blocks and rating are the same.`;
  return tag(
    'section',
    { 'aria-labelledby': 'front' },
    tag('h2', { id: 'front' }, 'Rating against cost'),
    tag('p', {}, words),
    runsLegend(shown),
    frontPicture(cost, lines),
  );
}

/** The losses of all runs' cells, a picture a block. */
export function curvesSection(runs: readonly ComparedData[]): Markup | undefined {
  const curves = runs.flatMap(({ run, data, colour }) =>
    (data.losses ?? [])
      .filter(({ curve }) => curve.length > 1)
      .map((one) => {
        const isFound = data.search?.best.architecture[one.block]?.cell === one.cell;
        const kind = `thin curve-${colour}${isFound ? ' found-one' : ''}`;
        return {
          block: one.block,
          isFound,
          line: { curve: one.curve, kind, words: `${run.name}, ${cellWords(data, one)}` },
        };
      }),
  );
  if (curves.length === 0) return undefined;
  const blocks = [...new Set(curves.map(({ block }) => block))].sort((a, b) => a - b);
  return lossesFrame({
    words:
      'The loss of each cell over its training steps, bold where the run’s search chose it. Losses can be compared where teacher, blocks and loss are the same.',
    legend: runsLegend(runs.filter(({ data }) => (data.losses ?? []).length > 0)),
    pictures: blocks.map((block) => {
      const own = curves.filter((one) => one.block === block);
      // Those that were found lie on top.
      const ordered = own.sort((one, other) => Number(one.isFound) - Number(other.isFound));
      const lines = ordered.map(({ line }) => line);
      return lossesPicture(block, lines);
    }),
  });
}
