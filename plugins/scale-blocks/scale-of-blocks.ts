import { resolve } from 'node:path';
import { fitWeights, RatedArchitectures, rankValues, readTruth } from 'dna-nas/audit';
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
      if (file !== undefined) readTruth(file, space);
    },
    apply(ratings, space) {
      check(space);
      const valued = space.blocks.flatMap((_, block) => valuesOf(ofBlock(ratings, block), values));
      const chosen = file === undefined ? weights : fitted(valued, space, file);
      return chosen.length === 0 ? valued : valued.map((cell) => weighed(cell, chosen[cell.block]!));
    },
    known: (space) =>
      file === undefined ? [] : readTruth(file, space).networks.map(({ architecture }) => architecture),
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

/** One weight a block, by the ranks of accuracies of the networks in a file. */
function fitted(ratings: readonly CellRatings[], space: SearchSpace, file: string): Float64Array {
  const { networks, accuracies } = readTruth(file, space);
  const rated = new RatedArchitectures(ratings);
  const all = networks.map(({ architecture }) => rated.ratingsOf(architecture));
  const columns = space.blocks.map((_, block) => Float64Array.from(all, (one) => -one[block]!));
  const weights = fitWeights(columns, Float64Array.from(rankValues(accuracies.accuracy).ranks));
  if (weights.every((weight) => weight === 0)) throw nothingFitted(file, networks.length);
  return weights;
}
