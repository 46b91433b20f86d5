import { definePlugin } from 'dna-nas/core';
import { repeatable } from 'dna-nas/nn';
import { cosineDistance } from 'dna-nas/nn/ops';

/** One minus the cosine between the channel vectors of student and teacher, averaged over positions. */
export const lossCosine = definePlugin({
  name: 'loss-cosine',
  module: 'dna-nas/plugins/losses',
  export: 'lossCosine',
  description:
    'One minus the cosine between the channel vectors of student and teacher, averaged over positions.',
  apply(run) {
    run.hooks.resolveLoss.tap('loss-cosine', () => ({
      name: 'loss-cosine',
      compute: repeatable(cosineDistance),
    }));
  },
});
