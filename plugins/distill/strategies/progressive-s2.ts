import { definePlugin } from 'dna-nas/core';
import { distillStage } from '../distill-stage.js';
import { singlePathStep } from '../single-path-step.js';
import { type ProgressiveDistillOptions, progressive, progressiveOptions } from './progressive.js';

/**
 * The paper's strategy S2: stage n trains the student's block n behind its blocks 1 to n − 1, which keep the weights
 * that they were trained and rated with, and run one of their best-rated paths.
 */
export const distillProgressiveS2 = definePlugin<ProgressiveDistillOptions>({
  name: 'distill-progressive-s2',
  description: 'Trains the cells of block after block, behind the frozen blocks before them.',
  module: 'dna-nas/plugins/distill',
  export: 'distillProgressiveS2',
  options: { properties: progressiveOptions },
  apply(run, options) {
    const strategy = progressive({ earlierPaths: options.earlierPaths, earlier: 'frozen' });
    run.hooks.resolveDistill.tap('distill-progressive-s2', () => distillStage(run, options, strategy));
    run.hooks.resolveStep.tap('distill-progressive-s2', () => singlePathStep);
  },
});
