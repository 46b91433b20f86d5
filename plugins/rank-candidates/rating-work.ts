import { type CellSupernet, pathCount, type Rating, type World } from 'dna-nas/core';
import { macsOfView } from './answers.js';
import type { RankCandidatesOptions } from './options.js';

/** Multiply-adds of one batch, by what it is for. */
export interface BatchWork {
  readonly calibrate: number;
  readonly rate: number;
}

export interface WorkPlace {
  readonly options: RankCandidatesOptions;
  readonly rating: Rating;
  readonly world: World;
}

/** @throws DnaError `RATING_ANSWERS` if the rating wants an answer that the teacher does not give. */
export function batchWork(
  cell: Pick<CellSupernet, 'block' | 'choices' | 'meanMacs'>,
  { options, rating, world }: WorkPlace,
): BatchWork {
  const { blocks, teacherDescription: teacher } = world;
  const block = blocks[cell.block]!;
  // The teacher ends at the block's target, as far as it tells what is behind.
  const target = teacher.macs - (teacher.stages[block.outputStage]!.macsBehind ?? 0);
  const features = treeFactor(cell.choices) * cell.meanMacs() + target;
  // One view a candidate, and one of the teacher's own map.
  const views = (pathCount(cell.choices) + 1) * macsOfView(rating, block, teacher);
  return { calibrate: options.batch * features, rate: options.batch * (features + views) };
}

/** Multiply-adds of the whole rating of a cell. */
export function cellWork({ block, cell }: { block: number; cell: number }, place: WorkPlace): number {
  const { blocks, space, supernet } = place.world;
  const { batches, calibrationBatches } = place.options;
  const { calibrate, rate } = batchWork(supernet.createCell({ space, block: blocks[block]!, cell }), place);
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
