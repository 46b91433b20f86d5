import { definePlugin } from 'dna-nas/core';
import { distillStage } from '../distill-stage.js';
import { singlePathStep } from '../single-path-step.js';
import { type ProgressiveDistillOptions, progressive, progressiveOptions } from './progressive.js';

/**
 * The paper's strategy S1: stage n trains the student's blocks 1 to n together and from scratch, to match the teacher's
 * block n; the blocks before n run one of their best-rated paths.
 */
export const distillProgressiveS1 = definePlugin<ProgressiveDistillOptions>({
  name: 'distill-progressive-s1',
  description: 'Trains the cells of block after block, together with the blocks before them, from scratch.',
  module: 'dna-nas/plugins/distill',
  export: 'distillProgressiveS1',
  options: { properties: progressiveOptions },
  apply(run, options) {
    const strategy = progressive({ earlierPaths: options.earlierPaths, earlier: 'trained' });
    run.hooks.resolveDistill.tap('distill-progressive-s1', () => distillStage(run, options, strategy));
    run.hooks.resolveStep.tap('distill-progressive-s1', () => singlePathStep);
  },
});
