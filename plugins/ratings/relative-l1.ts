import { definePlugin } from 'dna-nas/core';
import { relativeL1 } from 'dna-nas/nn/ops';

/** The paper's rating: mean |Y − Ŷ| over the standard deviation σ of the teacher's features Y. */
export const ratingRelativeL1 = definePlugin({
  name: 'rating-relative-l1',
  module: 'dna-nas/plugins/ratings',
  export: 'ratingRelativeL1',
  description: 'The mean absolute error over the standard deviation of the target, l1/σ.',
  apply(run) {
    run.hooks.resolveRating.tap('rating-relative-l1', () => ({
      name: 'rating-relative-l1',
      compute: relativeL1,
    }));
  },
});
