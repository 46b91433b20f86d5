import type { Block, Task, World } from 'dna-nas/core';
import { BatchOrder, batchTooLarge } from 'dna-nas/core';
import { type BlockBoundaries, boundariesOf, featureSize } from 'dna-nas/nn';
import { otherChannels, unequalShares } from './errors.js';
import type { DistillBlockwiseOptions } from './options.js';

/** Forward and backward cost about three times the forward's multiply-adds. */
export const TRAINING_FACTOR = 3;

/** Blocks that are trained at the same time, and the teacher's features they need. */
export interface Phase {
  readonly blocks: readonly Block[];
  readonly features: BlockBoundaries;
}

/** The steps of a whole distillation: a pure function of the world and the options. */
export interface DistillPlan {
  readonly order: BatchOrder;
  /** Optimiser steps of every cell. */
  readonly steps: number;
  readonly phases: readonly Phase[];
  /** Floats of the features of one batch, at most over the phases. */
  readonly floats: number;
}

export function planDistillation(
  world: Pick<World, 'blocks' | 'data' | 'random' | 'teacherDescription'>,
  options: DistillBlockwiseOptions,
): DistillPlan {
  requireFit(world, options);
  const order = new BatchOrder(world.random.fork('distill', 'data'), world.data.size.train, options.batch);
  const groups = options.schedule === 'joint' ? [world.blocks] : world.blocks.map((block) => [block]);
  const phases = groups.map((blocks) => ({ blocks, features: boundariesOf(blocks) }));
  const sizes = phases.map(({ features }) =>
    features.boundaries.reduce((sum, { shape }) => sum + featureSize(shape), 0),
  );
  return { order, steps: order.steps(options.epochs), phases, floats: Math.max(...sizes) * options.batch };
}

/** One task a cell; the teacher's work is booked on all of them alike. */
export function cellTasks(world: World, options: DistillBlockwiseOptions): Task[] {
  const { steps } = planDistillation(world, options);
  const cells = world.blocks.flatMap((block) =>
    world.space.blocks[block.index]!.cells.map((_, cell) => ({ block, cell })),
  );
  const teacherShare = world.teacherDescription.macs / cells.length;
  return cells.map(({ block, cell }) => {
    const macs = world.supernet.createCell({ space: world.space, block, cell }).meanMacs();
    return {
      id: `train-b${block.index + 1}-c${cell + 1}`,
      stage: 'distill',
      needs: [],
      work: steps * options.batch * (TRAINING_FACTOR * macs + teacherShare),
      input: { block: block.index, cell },
    };
  });
}

/** What must agree between options, data and teacher, told before anything is trained. */
function requireFit(
  { data, teacherDescription: teacher }: Pick<World, 'data' | 'teacherDescription'>,
  { batch, pathsPerStep }: DistillBlockwiseOptions,
): void {
  const images = data.size.train;
  if (batch > images) throw batchTooLarge('distill.batch', batch, { name: 'training', images });
  if (batch % pathsPerStep !== 0) throw unequalShares(batch, pathsPerStep);
  if (teacher.input.channels !== data.image.channels) throw otherChannels(teacher, data);
}
