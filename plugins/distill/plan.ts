import type { Block } from 'dna-nas/core/contracts';
import type { World } from 'dna-nas/core/stages';
import { type BlockBoundaries, boundariesOf, featureSize } from 'dna-nas/nn/features';
import { BatchOrder, batchTooLarge } from 'dna-nas/nn/training';
import { microBatchTooLarge, unequalShares } from './errors.js';
import type { DistillOptions } from './options.js';

/** Forward and backward cost about three times the forward's multiply-adds. */
export const TRAINING_FACTOR = 3;

/** Blocks that are trained at the same time, and the teacher's features they need. */
export interface Phase {
  readonly blocks: readonly Block[];
  readonly features: BlockBoundaries;
}

/** The steps of one round of distillation: a pure function of the world, the options and the round's blocks. */
export interface DistillPlan {
  readonly order: BatchOrder;
  /** Optimiser steps of every cell. */
  readonly steps: number;
  readonly phases: readonly Phase[];
  /** Steps of all phases. */
  readonly end: number;
  /** Floats of the features of one batch, at most over the phases. */
  readonly floats: number;
}

/** @throws DnaError if options, data and teacher do not agree. */
export function planDistillation(
  world: Pick<World, 'data' | 'random' | 'teacherDescription'>,
  options: DistillOptions,
  blocks: readonly Block[],
): DistillPlan {
  requireFit(world, options);
  const order = new BatchOrder(world.random.fork('distill', 'data'), world.data.size.train, options.batch);
  const groups = options.schedule === 'per-block' ? blocks.map((block) => [block]) : [blocks];
  const phases = groups.map((group) => ({ blocks: group, features: boundariesOf(group) }));
  const sizes = phases.map(({ features }) =>
    features.boundaries.reduce((sum, { shape }) => sum + featureSize(shape), 0),
  );
  const steps = order.steps(options.epochs);
  return { order, steps, phases, end: steps * phases.length, floats: Math.max(...sizes) * options.batch };
}

/** What must agree between options, data and teacher, told before anything is trained. */
function requireFit({ data }: Pick<World, 'data'>, options: DistillOptions): void {
  const { batch, pathsPerStep } = options;
  const images = data.size.train;
  if (batch > images && options.microBatch !== undefined) throw microBatchTooLarge(options, images);
  if (batch > images) throw batchTooLarge('distill.batch', batch, { name: 'training', images });
  if (batch % pathsPerStep !== 0) throw unequalShares(batch, pathsPerStep);
}
