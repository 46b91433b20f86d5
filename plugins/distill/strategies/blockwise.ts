import { definePlugin } from 'dna-nas/core';
import { allCells } from 'dna-nas/core/space';
import { distillStage } from '../distill-stage.js';
import { type DistillOptions, distillOptions } from '../options.js';
import { singlePathStep } from '../single-path-step.js';
import type { DistillStrategy } from '../strategy.js';

/** The paper's own strategy: the teacher's features are every block's input, so that blocks need nothing of another. */
export const blockwise: DistillStrategy = {
  description: "by the teacher's features",
  tasks: allCells,
  expected: allCells,
  view: ({ blocks }) => blocks,
  createStudent: ({ blocks, space, supernet }, { block, cell }) =>
    supernet.createCell({ space, block: blocks[block]!, cell }),
};

export interface DistillBlockwiseOptions extends DistillOptions {
  /** `joint`: one teacher pass feeds all blocks; `per-block`: one block after the other. Same weights. */
  readonly schedule: 'joint' | 'per-block';
}

/**
 * Trains every cell of every block by the teacher's feature maps alone: its input is the teacher's output of the
 * block before, its target the teacher's output of this block (the paper's section 3.1).
 */
export const distillBlockwise = definePlugin<DistillBlockwiseOptions>({
  name: 'distill-blockwise',
  description: "Trains the cells of all blocks, each by the teacher's features at its borders.",
  module: 'dna-nas/plugins/distill',
  export: 'distillBlockwise',
  options: {
    properties: {
      ...distillOptions,
      schedule: {
        description:
          'joint: one teacher pass feeds all blocks; per-block: one block after the other. Same weights.',
        enum: ['joint', 'per-block'],
        default: 'joint',
      },
    },
  },
  apply(run, options) {
    run.hooks.resolveDistill.tap('distill-blockwise', () => distillStage(run, options, blockwise));
    run.hooks.resolveStep.tap('distill-blockwise', () => singlePathStep);
  },
});
