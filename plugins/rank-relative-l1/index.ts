import { definePlugin } from 'dna-nas/core';
import { type RankRelativeL1Options, rankRelativeL1Schema } from './options.js';
import { rankStage } from './rank-stage.js';

export type { RankRelativeL1Options };

/**
 * Rates every candidate by its relative L1 distance from the teacher's features, `mean|Y − Ŷ| / σ(Y)`, on the
 * validation split, with batch-norm statistics recomputed for that very path (the paper's section 3.3).
 */
export const rankRelativeL1 = definePlugin<RankRelativeL1Options>({
  name: 'rank-relative-l1',
  description: "Rates all candidates by their relative L1 distance from the teacher's features.",
  module: 'dna-nas/plugins/rank-relative-l1',
  export: 'rankRelativeL1',
  options: rankRelativeL1Schema,
  apply(run, options) {
    run.hooks.resolveRank.tap('rank-relative-l1', () => rankStage(options));
  },
});
