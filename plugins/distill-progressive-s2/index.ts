import { definePlugin } from 'dna-nas/core';
import { type DistillOptions, distillOptions, distillStage, progressive, singlePathStep } from 'dna-nas/nn';

export interface DistillProgressiveS2Options extends DistillOptions {
  /** Best-rated paths of each earlier block, one of which runs in each step. */
  readonly earlierPaths: number;
}

/**
 * The paper's strategy S2: stage n trains the student's block n behind its blocks 1 to n − 1, which keep the weights
 * that they were trained and rated with, and run one of their best-rated paths.
 */
export const distillProgressiveS2 = definePlugin<DistillProgressiveS2Options>({
  name: 'distill-progressive-s2',
  description: 'Trains the cells of block after block, behind the frozen blocks before them.',
  module: 'dna-nas/plugins/distill-progressive-s2',
  export: 'distillProgressiveS2',
  options: {
    properties: {
      ...distillOptions,
      earlierPaths: {
        description: 'Best-rated paths of each earlier block, one of which runs in each step.',
        type: 'integer',
        minimum: 1,
        default: 3,
      },
    },
  },
  apply(run, options) {
    const strategy = progressive({ earlierPaths: options.earlierPaths, earlier: 'frozen' });
    run.hooks.resolveDistill.tap('distill-progressive-s2', () => distillStage(run, options, strategy));
    run.hooks.resolveStep.tap('distill-progressive-s2', () => singlePathStep);
  },
});
