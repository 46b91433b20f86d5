import { definePlugin } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { featureDeviation } from 'dna-nas/nn/features';
import { squaredError } from 'dna-nas/nn/ops';

/** The root of the mean squared error over the standard deviation σ of the teacher's features. */
export const ratingRmseDeviation = definePlugin({
  name: 'rating-rmse-deviation',
  module: 'dna-nas/plugins/ratings',
  export: 'ratingRmseDeviation',
  description: 'The root of the mean squared error over the standard deviation of the target, √mse/σ.',
  apply(run) {
    run.hooks.resolveRating.tap('rating-rmse-deviation', () => ({
      name: 'rating-rmse-deviation',
      compute: (student, teacher) =>
        tf.tidy(() => tf.div(tf.sqrt(squaredError(student, teacher)), featureDeviation(teacher))),
    }));
  },
});
