import { resolve } from 'node:path';
import { calibrateRatings, RatedArchitectures, readTruth, type Truth } from 'dna-nas/audit';
import type { PluginRun } from 'dna-nas/core';
import type { Architecture, SearchSpace } from 'dna-nas/core/contracts';
import type { CellRatings, RatingScale } from 'dna-nas/core/stages';
import { nothingFitted, nothingWeighs, notRated, truthAlone, weightsDiffer } from './errors.js';
import type { ScaleBlocksOptions } from './options.js';
import { valuesOf } from './values.js';

/** The scale that the options ask for. */
export function scaleOfBlocks(
  { project }: Pick<PluginRun, 'project'>,
  options: ScaleBlocksOptions,
  slot: string,
): RatingScale {
  const { truth } = options;
  return truth === undefined
    ? weightedScale(options, slot)
    : fittedScale(resolve(project, truth), options, slot);
}

/** Values of each block times its weight. */
function weightedScale({ values, weights }: ScaleBlocksOptions, slot: string): RatingScale {
  const check = ({ blocks }: SearchSpace): void => {
    if (weights.length === 0) return;
    if (weights.length !== blocks.length) throw weightsDiffer(slot, weights.length, blocks.length);
    if (weights.every((weight) => weight === 0)) throw nothingWeighs(slot);
  };
  return {
    name: 'scale-blocks',
    check,
    apply(ratings, space) {
      check(space);
      const blocks = space.blocks.map((_, block) => ratings.filter((cell) => cell.block === block));
      const valued = valuesOf(blocks, values);
      return weights.length === 0 ? valued : valued.map((cell) => weighed(cell, weights[cell.block]!));
    },
    known: () => [],
  };
}

/** What trained networks tell beside the ratings. */
function fittedScale(file: string, { values, weights }: ScaleBlocksOptions, slot: string): RatingScale {
  let read: Truth | undefined;
  // Read once: an audit asks for it twice.
  const truthOf = (space: SearchSpace): Truth => {
    if (weights.length > 0) throw truthAlone(slot, 'weights');
    if (values !== 'plain') throw truthAlone(slot, 'values');
    read ??= readTruth(file, space);
    return read;
  };
  const fittedTo = (space: SearchSpace) => thinned(truthOf(space));
  return {
    name: 'scale-blocks',
    check: truthOf,
    apply(ratings, space) {
      const trained = fittedTo(space);
      requireRated(file, { space, ratings, architectures: trained.architectures });
      return calibrateRatings(space, ratings, trained) ?? nothing(file, trained.architectures.length);
    },
    known: (space) => fittedTo(space).architectures,
  };
}

/** More networks than this would take long and tell little more. */
const MOST = 300;

/** Networks of a truth; of very many, some that are spread evenly over the table. */
function thinned({ networks, accuracies: { accuracy } }: Truth) {
  const count = Math.min(MOST, networks.length);
  const rows = Array.from({ length: count }, (_, at) => Math.floor((at * networks.length) / count));
  return {
    architectures: rows.map((row) => networks[row]!.architecture),
    accuracy: Float64Array.from(rows, (row) => accuracy[row]!),
  };
}

interface Rated {
  readonly space: SearchSpace;
  readonly ratings: readonly CellRatings[];
  readonly architectures: readonly Architecture[];
}

function requireRated(file: string, { space, ratings, architectures }: Rated): void {
  const rated = new RatedArchitectures(ratings);
  const unrated = architectures.find((one) => !rated.ratingsOf(one).every(Number.isFinite));
  if (unrated) throw notRated(file, space.formatArchitecture(unrated));
}

function nothing(file: string, networks: number): never {
  throw nothingFitted(file, networks);
}

/** A candidate that is left out stays so at any weight. */
function weighed(cell: CellRatings, weight: number): CellRatings {
  const times = (value: number) => (Number.isFinite(value) ? weight * value : value);
  return { ...cell, values: cell.values.map(times) };
}
