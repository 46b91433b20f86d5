import type { OptionSchema } from 'dna-nas/core';
import { allCells, behindImage } from 'dna-nas/core/space';
import type { DistillRound, EarlierBlock, TaskContext, World } from 'dna-nas/core/stages';
import { trainTaskId } from 'dna-nas/core/work';
import { type DistillOptions, distillOptions } from '../options.js';
import type { CellTask, DistillStrategy } from '../strategy.js';
import { bestCandidates } from './best-candidates.js';
import { CellChain } from './cell-chain.js';
import { studentInput } from './student-input.js';

/** Options of a plugin that trains block after block. */
export interface ProgressiveDistillOptions extends Omit<DistillOptions, 'schedule'> {
  /** Best-rated paths of each earlier block, one of which runs in each step. */
  readonly earlierPaths: number;
}

/** Their schema. */
export const progressiveOptions: typeof distillOptions & { readonly earlierPaths: OptionSchema } = {
  ...distillOptions,
  earlierPaths: {
    description: 'Best-rated paths of each earlier block, one of which runs in each step.',
    type: 'integer',
    minimum: 1,
    default: 3,
  },
};

export interface ProgressiveOptions extends Pick<ProgressiveDistillOptions, 'earlierPaths'> {
  /** Whether earlier blocks keep the weights that they were rated with, or are trained again with every block. */
  readonly earlier: 'frozen' | 'trained';
}

/**
 * Block after block: a block's cells work on what the student's own earlier blocks make of the image, these running
 * along one of their best-rated paths, drawn a step. So a block waits for the rating of the block before it.
 */
export function progressive(options: ProgressiveOptions): DistillStrategy {
  const frozen = options.earlier === 'frozen';
  return {
    description: `block after block, behind the student's earlier blocks, ${frozen ? 'frozen' : 'trained again'}`,
    rounds: ({ blocks }) => blocks.length,
    tasks: (world, round) => roundTasks(world, round, options),
    expected: expectedTasks,
    view: ({ blocks, data }, tasks) => [behindImage(blocks[tasks[0]?.block ?? 0]!, data.image)],
    createStudent(world, task) {
      if (task.earlier) return new CellChain(world, task, { frozen });
      const { blocks, space, supernet } = world;
      return supernet.createCell({ space, block: blocks[task.block]!, cell: task.cell });
    },
    complete(student, { earlier = [] }, context) {
      if (student instanceof CellChain && frozen) loadEarlier(student, earlier, context);
    },
    openInput: (trained, context) => studentInput(trained, context),
  };
}

function roundTasks(world: World, { index, rated }: DistillRound, options: ProgressiveOptions): CellTask[] {
  const earlier = Array.from({ length: index }, (_, block): EarlierBlock => {
    const candidates = bestCandidates(rated, block, options.earlierPaths);
    const tasks = candidates.map(({ cell }) => trainTaskId({ block, cell }));
    return { block, candidates, ...(options.earlier === 'frozen' && { tasks }) };
  });
  return allCells(world)
    .filter(({ block }) => block === index)
    .map((cell) => (index === 0 ? cell : { ...cell, earlier }));
}

/** Before anything is rated, every earlier cell stands for the best ones: costs are those of cells, along no path. */
function expectedTasks(world: World): CellTask[] {
  const candidates = world.space.blocks.map(({ cells }) => cells.map((_, cell) => ({ cell, path: [] })));
  return allCells(world).map((task) => ({
    ...task,
    earlier: candidates.slice(0, task.block).map((of, block) => ({ block, candidates: of })),
  }));
}

function loadEarlier(chain: CellChain, earlier: readonly EarlierBlock[], { store }: TaskContext): void {
  for (const [index, { tasks = [] }] of earlier.entries()) {
    for (const [candidate, task] of tasks.entries()) {
      chain.loadEarlier(index, candidate, store.loadResult(task)!.tensors);
    }
  }
}
