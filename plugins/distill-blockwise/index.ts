import { definePlugin } from 'dna-nas/core';
import {
  blockwise,
  type DistillOptions,
  distillOptions,
  distillStage,
  singlePathStep,
} from 'dna-nas/nn/distill';

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
  module: 'dna-nas/plugins/distill-blockwise',
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
