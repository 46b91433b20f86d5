import { definePlugin } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { featureVariance } from 'dna-nas/nn/features';
import { squaredError } from 'dna-nas/nn/ops';

/** The mean squared error over the variance of the teacher's features: the share of them that is left unexplained. */
export const ratingMseVariance = definePlugin({
  name: 'rating-mse-variance',
  module: 'dna-nas/plugins/ratings',
  export: 'ratingMseVariance',
  description: 'The mean squared error over the variance of the target, mse/var.',
  apply(run) {
    run.hooks.resolveRating.tap('rating-mse-variance', () => ({
      name: 'rating-mse-variance',
      compute: (student, teacher) =>
        tf.tidy(() => tf.div(squaredError(student, teacher), featureVariance(teacher))),
    }));
  },
});
