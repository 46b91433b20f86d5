import { definePlugin, type OptionsSchema } from 'dna-nas/core';
import type { DnaError } from 'dna-nas/errors';
import { expect, test } from 'vitest';

interface NearOptions {
  epsilon: number;
  reduction: string;
  layers: number[];
}

const options: OptionsSchema<NearOptions> = {
  properties: {
    epsilon: { type: 'number', exclusiveMinimum: 0, default: 1e-6, description: 'Keeps the division safe' },
    reduction: { enum: ['mean', 'sum'], default: 'mean', description: 'How positions are put together' },
    layers: { type: 'array', items: { type: 'integer' }, description: 'Layers that count' },
  },
};

const lossNear = definePlugin<NearOptions>({
  name: 'loss-near',
  description: 'Some distance.',
  module: './loss-near.ts',
  export: 'lossNear',
  options,
  apply(run, given) {
    (run as unknown as { seen: unknown[] }).seen.push(given);
  },
});

function failure(work: () => unknown): DnaError {
  try {
    work();
  } catch (error) {
    return error as DnaError;
  }
  throw new Error('nothing was thrown');
}

test('a plugin carries its reference with given and defaulted options, and the input stays as it was', () => {
  const given = { epsilon: 2 };
  const plugin = lossNear(given);
  expect(plugin.name).toBe('loss-near');
  expect(plugin.reference).toEqual({
    module: './loss-near.ts',
    export: 'lossNear',
    options: { epsilon: 2, reduction: 'mean' },
  });
  expect(given).toEqual({ epsilon: 2 });
});

test('apply is given the run and the checked options', () => {
  const run = { seen: [] as unknown[] };
  lossNear({ layers: [3] }).apply(run as never);
  expect(run.seen).toEqual([{ epsilon: 1e-6, reduction: 'mean', layers: [3] }]);
});

test('the factory carries its definition', () => {
  expect(lossNear.definition.options).toBe(options);
});

test('a module of the package becomes the name of its plugin, wherever that lies', () => {
  const plugin = definePlugin({
    name: 'loss-cosine',
    description: 'Another one.',
    module: new URL('../../dist/plugins/losses/cosine.js', import.meta.url).href,
    apply: () => undefined,
  })();
  expect(plugin.reference).toEqual({
    module: 'dna-nas/plugins/loss-cosine',
    export: 'lossCosine',
    options: {},
  });
});

test('all wrong options are named at once, with what is allowed and the nearest spelling', () => {
  const error = failure(() => lossNear({ epsilom: 1, reduction: 'men', epsilon: 0, layers: ['a'] } as never));
  expect(error).toMatchObject({ name: 'DnaError', code: 'PLUGIN_OPTIONS', exitCode: 2 });
  expect(error.message).toMatchInlineSnapshot(`
    "The plugin loss-near was given 4 wrong options:
      epsilom
        found     an unknown option, set to 1
        expected  one of epsilon, reduction, layers
        nearest   epsilon
      epsilon
        found     0
        expected  a number above 0
      reduction
        found     "men"
        expected  one of "mean", "sum"
        nearest   mean
      layers.0
        found     "a"
        expected  a whole number"
  `);
});

test.each([
  ['a name that is no folder name', { name: 'LossNear' }],
  ['an option without a description', { options: { properties: { size: { type: 'integer' } } } }],
  [
    'a nested option without a description',
    {
      options: {
        properties: {
          limits: { type: 'object', description: 'Most', properties: { macs: { type: 'number' } } },
        },
      },
    },
  ],
  [
    'a keyword that ajv does not know',
    { options: { properties: { size: { typ: 'integer', description: 'Size' } } } },
  ],
  [
    'a kind that there is not',
    { options: { properties: { size: { kind: 'secret', description: 'Size' } } } },
  ],
])('a definition with %s is refused at once', (_, part) => {
  const definition = { name: 'loss-near', description: 'Some.', apply: () => undefined, ...part };
  const error = failure(() => definePlugin(definition as never));
  expect(error.code).toBe('PLUGIN_DEFINITION');
  expect(error.message).toMatchSnapshot();
});
