import { definePlugin } from 'dna-nas/core';
import { type RetrainScratchOptions, retrainScratchSchema } from './options.js';
import { RECIPES } from './recipes.js';
import { retrainStage } from './retrain-stage.js';

export type { RetrainScratchOptions };

/** Trains what the search found from scratch, without the teacher, and measures it on the test split. */
export const retrainScratch = definePlugin<RetrainScratchOptions>({
  name: 'retrain-scratch',
  description: 'Trains the found network, and a random one of its cost, from scratch and measures both.',
  module: 'dna-nas/plugins/retrain-scratch',
  export: 'retrainScratch',
  options: retrainScratchSchema,
  recipes: { slot: 'retrain', option: 'recipe', bundles: RECIPES },
  apply(run, options) {
    run.hooks.resolveRetrain.tapPromise('retrain-scratch', () => retrainStage(run, options));
  },
});
