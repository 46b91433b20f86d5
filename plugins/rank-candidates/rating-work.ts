import type { CellSupernet, Rating } from 'dna-nas/core/contracts';
import { pathCount } from 'dna-nas/core/space';
import type { World } from 'dna-nas/core/stages';
import { macsOfView } from './answers.js';
import { EqualPaths } from './equal-paths.js';
import { noRest } from './errors.js';
import type { RankCandidatesOptions } from './options.js';

/** Multiply-adds of one batch, by what it is for. */
export interface BatchWork {
  readonly calibrate: number;
  readonly rate: number;
}

export interface WorkDependencies {
  readonly options: RankCandidatesOptions;
  readonly rating: Rating;
  readonly world: World;
}

/** @throws DnaError `RATING_ANSWERS` if the rating wants an answer that the teacher does not give. */
export function batchWork(
  cell: Pick<CellSupernet, 'block' | 'choices' | 'meanMacs'>,
  { options, rating, world }: WorkDependencies,
): BatchWork {
  const { blocks, teacherDescription: teacher } = world;
  const block = blocks[cell.block]!;
  // The teacher ends at the block's target, as far as it tells what is behind.
  const target = teacher.macs - (teacher.stages[block.outputStage]!.macsBehind ?? 0);
  const features = options.batch * (treeFactor(cell.choices) * cell.meanMacs() + target);
  // One view a candidate, and one of the teacher's own map.
  const views = (pathCount(cell.choices) + 1) * macsOfView(rating, block, teacher);
  return { calibrate: features, rate: features + options.batch * views };
}

/** A step is a pass forward and one backward, which costs two. */
const PASSES_OF_A_STEP = 3;

/** Multiply-adds of a rating that fine-tunes: of the features, once, and of each path. */
export interface FineTuneWork {
  readonly features: number;
  readonly path: number;
}

/** @throws DnaError `RATING_ANSWERS` if the teacher gives no answer, or nothing to be trained behind the block. */
export function fineTuneWork(
  cell: Pick<CellSupernet, 'block' | 'meanMacs'>,
  { options, rating, world }: WorkDependencies,
): FineTuneWork {
  const { batch, batches, calibrationBatches, fineTuneSteps } = options;
  const { blocks, teacherDescription: teacher } = world;
  const { outputStage } = blocks[cell.block]!;
  const behind = macsOfView(rating, blocks[cell.block]!, teacher);
  if (!teacher.trainableRest)
    throw noRest({ teacher: teacher.name, stage: teacher.stages[outputStage]!.name });
  const own = cell.meanMacs();
  const passes = PASSES_OF_A_STEP * fineTuneSteps + batches;
  return {
    features: batch * (fineTuneSteps + calibrationBatches + batches) * teacher.macs,
    path: batch * (passes * (own + behind) + calibrationBatches * own),
  };
}

/** Multiply-adds of the whole rating of a cell. */
export function cellWork(
  { block, cell }: { block: number; cell: number },
  dependencies: WorkDependencies,
): number {
  const { blocks, space, supernet } = dependencies.world;
  const { batches, calibrationBatches, fineTuneSteps } = dependencies.options;
  const network = supernet.createCell({ space, block: blocks[block]!, cell });
  if (fineTuneSteps > 0) {
    const { features, path } = fineTuneWork(network, dependencies);
    return features + new EqualPaths(space, { block, cell }).distinct.length * path;
  }
  const { calibrate, rate } = batchWork(network, dependencies);
  return calibrationBatches * calibrate + batches * rate;
}

/** Layers run in a walk over all paths with shared prefixes, in units of one whole path. */
function treeFactor(choices: readonly number[]): number {
  let nodes = 0;
  let width = 1;
  for (const operations of choices) {
    width *= operations;
    nodes += width;
  }
  return nodes / choices.length;
}
