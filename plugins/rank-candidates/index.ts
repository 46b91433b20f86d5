import { definePlugin } from 'dna-nas/core';
import { fineTunedFeatures } from './errors.js';
import { type RankCandidatesOptions, rankCandidatesSchema } from './options.js';
import { rankStage } from './rank-stage.js';

export type { RankCandidatesOptions };

/**
 * Rates every candidate by its distance from the teacher on the validation split, with batch-norm statistics
 * recomputed for that very path (the paper's section 3.3). The distance is what stands in `rank.rating`.
 */
export const rankCandidates = definePlugin<RankCandidatesOptions>({
  name: 'rank-candidates',
  description: 'Rates all candidates by their distance from the teacher.',
  module: 'dna-nas/plugins/rank-candidates',
  export: 'rankCandidates',
  options: rankCandidatesSchema,
  apply(run, options) {
    run.hooks.resolveRank.tapPromise('rank-candidates', async () => {
      const rating = await run.resolve('resolveRating', 'rank.rating');
      if (options.fineTuneSteps > 0 && rating.compares !== 'answers') throw fineTunedFeatures(rating.name);
      return rankStage({ run, options, rating });
    });
  },
});
