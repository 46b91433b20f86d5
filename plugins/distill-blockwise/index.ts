import { definePlugin } from 'dna-nas/core';
import { blockwiseStage } from './blockwise-stage.js';
import { type DistillBlockwiseOptions, distillBlockwiseSchema, withBatch } from './options.js';
import { singlePathStep } from './single-path-step.js';

export type { DistillBlockwiseOptions };

/**
 * Trains every cell of every block by the teacher's feature maps alone: its input is the teacher's output of the
 * block before, its target the teacher's output of this block (the paper's section 3.1).
 */
export const distillBlockwise = definePlugin<DistillBlockwiseOptions>({
  name: 'distill-blockwise',
  description: "Trains the cells of all blocks, each by the teacher's features at its borders.",
  module: 'dna-nas/plugins/distill-blockwise',
  export: 'distillBlockwise',
  options: distillBlockwiseSchema,
  apply(run, options) {
    run.hooks.resolveDistill.tap('distill-blockwise', () => blockwiseStage(run, withBatch(options)));
    run.hooks.resolveStep.tap('distill-blockwise', () => singlePathStep);
  },
});
