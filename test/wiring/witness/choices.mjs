// A sampler that draws the first operation of every layer, a step that trains nothing and says a loss of its own, and
// an optimiser whose last step spoils the weights, which no loss shows any more.
import { definePlugin } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';

const plugin = (name, apply) =>
  definePlugin({
    name,
    description: `Chosen by a test: ${name}.`,
    module: import.meta.url,
    export: name,
    apply,
  });

export const first = plugin('first', (run) => {
  run.hooks.resolveSampler.tap(
    'first',
    () =>
      ({ choices }) =>
        choices.map(() => 0),
  );
});

export const idle = plugin('idle', (run) => {
  run.hooks.resolveStep.tap('idle', () => () => async (_features, index) => 100 + index);
});

const LAST = 6;
const spoil = {
  step(parameters, _gradients, learningRate) {
    if (learningRate !== LAST) return;
    for (const { value } of parameters.values()) value.assign(tf.fill(value.shape, Number.NaN));
  },
  state: () => new Map(),
  load() {},
  dispose() {},
};
export const spoiling = plugin('spoiling', (run) => {
  run.hooks.optimiser.tap('spoiling', () => () => spoil);
});
