// Tells the process that runs it of every optimiser step, so that a test can stop a run at one of them.
import { definePlugin } from 'dna-nas/core';

export default definePlugin({
  name: 'step',
  description: 'Emits dna-test-step on the process at every optimiser step.',
  module: import.meta.url,
  apply(run) {
    run.hooks.stepFinished.tap('step', () => {
      process.emit('dna-test-step');
    });
  },
});
