import { resolve } from 'node:path';
import { fitToRanks, RatedArchitectures, readTruth, type Truth } from 'dna-nas/audit';
import type { CellRatings, PluginRun, RatingScale, SearchSpace } from 'dna-nas/core';
import { nothingFitted, nothingWeighs, weightsAndTruth, weightsDiffer } from './errors.js';
import type { ScaleBlocksOptions } from './options.js';
import { valuesOf } from './values.js';

/** The scale that the options ask for. */
export function scaleOfBlocks(
  { project }: Pick<PluginRun, 'project'>,
  { values, weights, truth }: ScaleBlocksOptions,
  slot: string,
): RatingScale {
  const file = truth === undefined ? undefined : resolve(project, truth);
  let read: Truth | undefined;
  // Read once: an audit asks for it twice.
  const truthOf = (path: string, space: SearchSpace): Truth => {
    read ??= readTruth(path, space);
    return read;
  };
  const check = ({ blocks }: SearchSpace): void => {
    if (truth !== undefined && weights.length > 0) throw weightsAndTruth(slot);
    if (weights.length > 0 && weights.length !== blocks.length)
      throw weightsDiffer(slot, weights.length, blocks.length);
    if (weights.length > 0 && weights.every((weight) => weight === 0)) throw nothingWeighs(slot);
  };
  return {
    name: 'scale-blocks',
    check(space) {
      check(space);
      if (file !== undefined) truthOf(file, space);
    },
    apply(ratings, space) {
      check(space);
      const valued = space.blocks.flatMap((_, block) => valuesOf(ofBlock(ratings, block), values));
      const chosen = file === undefined ? weights : fitted(valued, truthOf(file, space));
      return chosen.length === 0 ? valued : valued.map((cell) => weighed(cell, chosen[cell.block]!));
    },
    known: (space) =>
      file === undefined ? [] : truthOf(file, space).networks.map(({ architecture }) => architecture),
  };
}

function ofBlock(ratings: readonly CellRatings[], block: number): CellRatings[] {
  return ratings.filter((cell) => cell.block === block);
}

/** A candidate that is left out stays so at any weight. */
function weighed(cell: CellRatings, weight: number): CellRatings {
  const times = (value: number) => (Number.isFinite(value) ? weight * value : value);
  return { ...cell, values: cell.values.map(times) };
}

/** One weight a block, by the ranks of accuracies of the networks of a truth. */
function fitted(ratings: readonly CellRatings[], { table, networks, accuracies }: Truth): Float64Array {
  const rated = new RatedArchitectures(ratings);
  const all = networks.map(({ architecture }) => rated.ratingsOf(architecture));
  const columns = all[0]!.map((_, block) => Float64Array.from(all, (one) => -one[block]!));
  const weights = fitToRanks(columns, accuracies.accuracy);
  if (weights.every((weight) => weight === 0)) throw nothingFitted(table.path, networks.length);
  return weights;
}
