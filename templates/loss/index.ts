import { definePlugin } from 'dna-nas/core';
import { repeatable, tf } from 'dna-nas/nn';

interface Options {
  readonly power: number;
}

/** The mean of |student − teacher| to a power. Replace `compute` by your own distance. */
export default definePlugin<Options>({
  name: 'loss-template',
  module: import.meta.url,
  description: 'Mean of the absolute difference of the feature maps to a power.',
  options: {
    properties: {
      power: { description: 'The power.', type: 'number', exclusiveMinimum: 0, default: 2 },
    },
  },
  apply(run, { power }) {
    // Both are [images, height, width, channels]; the gradient flows to the student.
    const compute = (student: tf.Tensor, teacher: tf.Tensor): tf.Scalar =>
      tf.tidy(() => tf.mean(tf.pow(tf.abs(tf.sub(student, teacher)), power)));
    // It depends on the two maps alone: passes are recorded once. Leave `repeatable` away where that is not so.
    run.hooks.resolveLoss.tap('loss-template', () => ({
      name: 'loss-template',
      compute: repeatable(compute),
    }));
  },
});
