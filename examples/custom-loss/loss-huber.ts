import { definePlugin } from 'dna-nas/core';
import { repeatable, tf } from 'dna-nas/nn';

/** Squared where the error is below `delta`, linear above. */
export default definePlugin<{ delta: number }>({
  name: 'loss-huber',
  module: import.meta.url,
  description: 'Huber distance of the feature maps.',
  options: {
    properties: { delta: { description: 'Error at which it turns linear.', type: 'number', default: 1 } },
  },
  apply(run, { delta }) {
    const compute = (student: tf.Tensor, teacher: tf.Tensor) =>
      tf.losses.huberLoss(teacher, student, undefined, delta) as tf.Scalar;
    run.hooks.resolveLoss.tap('loss-huber', () => ({ name: 'loss-huber', compute: repeatable(compute) }));
  },
});
