// Writes down when a stage begins, when an epoch ends, and each step of each cell with what it is given.
import { definePlugin } from 'dna-nas/core';
import { marks, note } from './log.mjs';

export default definePlugin({
  name: 'witness-progress',
  description: 'Writes down the stages, and the epochs and steps of training.',
  module: import.meta.url,
  apply(run) {
    let cells = 0;
    run.hooks.stageStarted.tap('witness-progress', ({ stage, description }) =>
      note('stage', { stage, description }),
    );
    run.hooks.stepFinished.tap('witness-progress', ({ task, step, loss }) =>
      note('trained', { task, index: step, loss }),
    );
    run.hooks.epochFinished.tap('witness-progress', ({ task, epoch, epochs, metrics }) =>
      note('epoch', { task, epoch, epochs, loss: metrics.loss }),
    );
    run.hooks.step.tap('witness-progress', (step) => {
      const cell = cells++;
      const witnessed = (features, index) => {
        note('step', { cell, index, input: marks(features.input), target: marks(features.target) });
        return step(features, index);
      };
      return Object.assign(witnessed, { dispose: () => step.dispose?.() });
    });
  },
});
