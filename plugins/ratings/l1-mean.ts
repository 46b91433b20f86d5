import { definePlugin } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { absoluteError } from 'dna-nas/nn/ops';

/** The mean absolute error over the mean absolute value of the teacher's features. */
export const ratingL1Mean = definePlugin({
  name: 'rating-l1-mean',
  module: 'dna-nas/plugins/ratings',
  export: 'ratingL1Mean',
  description: 'The mean absolute error over the mean absolute value of the target, l1/mean.',
  apply(run) {
    run.hooks.resolveRating.tap('rating-l1-mean', () => ({
      name: 'rating-l1-mean',
      compute: (student, teacher) =>
        tf.tidy(() => tf.div(absoluteError(student, teacher), tf.mean(tf.abs(teacher)))),
    }));
  },
});
