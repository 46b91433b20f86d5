import type { Architecture, SearchSpace } from 'dna-nas/core/contracts';
import { pathOf } from 'dna-nas/core/space';
import type { CellRatings } from 'dna-nas/core/stages';
import { RatedArchitectures } from '../run/rated-architectures.js';
import { fitRatings, type RatingWeights } from './fit-ratings.js';
import { OperationFeatures } from './operation-features.js';
import { type Shape, shapesOf } from './shapes.js';

/** Trained networks, and what they reached. */
export interface TrainedNetworks {
  readonly architectures: readonly Architecture[];
  /** Of each; their order alone counts. */
  readonly accuracy: Float64Array;
}

/**
 * Ratings that also know what a few trained networks tell: weights of blocks and of operations, by `fitRatings`. They
 * add up to a network's rating as the ones given do; the best candidate of each block is rated 0, and what was left out
 * stays so.
 * @returns undefined where the networks tell nothing: equal accuracies, or equal ratings
 */
export function calibrateRatings(
  space: SearchSpace,
  ratings: readonly CellRatings[],
  { architectures, accuracy }: TrainedNetworks,
): CellRatings[] | undefined {
  const blocks = space.blocks.map((_, block) => ratings.filter((cell) => cell.block === block));
  const shapes = shapesOf(
    blocks.map((cells) => cells.flatMap(({ values }) => [...values]).filter(Number.isFinite)),
  );
  const features = new OperationFeatures(space);
  const weights = fitRatings(
    {
      shapes: shapes.map((shape) => new RatedArchitectures(shaped(ratings, shape)).columnsOf(architectures)),
      operations: features.columnsOf(architectures),
    },
    accuracy,
  );
  if (!weights) return undefined;
  return blocks.flatMap((cells) =>
    fromBest(cells.map((cell) => weighed(cell, { shapes, features, weights }))),
  );
}

function shaped(ratings: readonly CellRatings[], shape: Shape): CellRatings[] {
  return ratings.map((cell) => ({ ...cell, values: cell.values.map((rating) => shape(rating, cell.block)) }));
}

interface Calibration {
  readonly shapes: readonly Shape[];
  readonly features: OperationFeatures;
  readonly weights: RatingWeights;
}

function weighed(cell: CellRatings, { shapes, features, weights }: Calibration): CellRatings {
  const { block, choices } = cell;
  const values = cell.values.map((rating, number) => {
    if (!Number.isFinite(rating)) return rating;
    const better = shapes.reduce(
      (sum, shape, at) => sum + weights.shapes[at]![block]! * shape(rating, block),
      0,
    );
    const made = features.ofCandidate(block, { cell: cell.cell, path: pathOf(number, choices) });
    return -made.reduce((sum, feature) => sum + features.unit * weights.operations[feature]!, better);
  });
  return { ...cell, values };
}

function fromBest(cells: readonly CellRatings[]): CellRatings[] {
  const best = cells.reduce(
    (least, { values }) => values.reduce((low, value) => Math.min(low, value), least),
    Number.POSITIVE_INFINITY,
  );
  return cells.map((cell) => ({ ...cell, values: cell.values.map((value) => value - best) }));
}
