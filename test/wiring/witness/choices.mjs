// A sampler that draws the first operation of every layer, and a step that trains nothing and says a loss of its own.
import { definePlugin } from 'dna-nas/core';

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
