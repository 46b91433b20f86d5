import { described, evaluation, plan } from './json-schemas/networks.js';
import { any, type JsonSchema, list, object, text, tree, whole } from './json-schemas/parts.js';

const names = (description: string) => list({ type: 'string' }, description);
const plugin = object({
  name: text('Its full name.'),
  description: text('What it does, one line.'),
  options: list(
    object(
      {
        name: text('Name of the option.'),
        description: text('What it is.'),
        expected: text('What is allowed, in words.'),
        default: any('Its default; absent if it has none.'),
        required: { type: 'boolean', description: 'Whether it must be given.' },
        kind: {
          enum: ['result', 'machine', 'display'],
          description: 'Whether it is part of what makes a run.',
        },
      },
      ['default'],
    ),
    'What can be set.',
  ),
});
const pluginList = object(
  {
    plugins: list(plugin, 'The plugins of the package, or those that were named.'),
    hooks: list(
      object({
        hook: text('Its name.'),
        kind: { enum: ['asks', 'changes', 'tells'], description: 'What is done with it.' },
        answers: list(
          object({ slot: text('Where the answer is wanted.'), plugin: text('Who answers or taps.') }, [
            'slot',
          ]),
          'Who is there in the configuration.',
        ),
      }),
      'All hooks; absent where plugins were named.',
    ),
  },
  ['hooks'],
);

const number = (description: string) => ({ type: 'number', description });
const maybe = (schema: JsonSchema) => ({ anyOf: [schema, { type: 'null' }] });
const estimated = maybe(
  object({
    mean: number('Mean over the seeds.'),
    half: { type: ['number', 'null'], description: 'Half of its 95 % interval; null for one seed.' },
    values: list({ type: 'number' }, 'The value of each seed.'),
  }),
);
const levels = {
  type: 'object',
  description: 'Level of each axis.',
  additionalProperties: { type: 'string' },
};
const ablation = object({
  name: text('Folder of the runs and tables below `runs`.'),
  folder: text('Its path.'),
  axes: names('What was varied.'),
  seeds: list(whole('A seed.'), 'Seeds that each combination was run with.'),
  rows: list(
    object({
      levels,
      seeds: list(whole('A seed.'), 'Its runs.'),
      measures: object({
        ...{ rating: estimated, top1: estimated, randomTop1: estimated },
        ...{ params: estimated, macs: estimated, seconds: estimated },
      }),
      difference: estimated,
    }),
    'One a combination of levels; the difference is that of top-1 to the first row, seed by seed.',
  ),
  points: list(
    object({
      run: text('Folder of the run.'),
      levels,
      seed: whole('Its seed.'),
      architecture: text('The network found.'),
      rating: maybe(number('Its rating.')),
      top1: maybe(number('Its accuracy, 0 to 1.')),
      randomTop1: maybe(number('That of the random network.')),
      params: maybe(whole('Its parameters.')),
      macs: maybe(whole('Its multiply-adds.')),
      seconds: number('Of all stages.'),
    }),
    'One a run.',
  ),
});

const costs = {
  type: 'object',
  description: 'By cost (`params`, `macs`): the smallest and the greatest value that a network has.',
  additionalProperties: object({ least: number('The smallest.'), most: number('The greatest.') }),
};
const shape = object({ height: whole('Pixels.'), width: whole('Pixels.'), channels: whole('Channels.') });
const counted = { image: shape, classes: whole('Classes that are told apart.') };

const plan = object(
  {
    preset: { type: ['string', 'null'], description: 'The preset that it is based on.' },
    name: text('Name of the run that was looked over.'),
    sound: { type: 'boolean', description: 'Whether nothing is a problem.' },
    findings: list(
      object(
        {
          check: text('What was looked at.'),
          verdict: { enum: ['ok', 'problem', 'unknown'], description: '`unknown`: not told here.' },
          text: text('What was found.'),
          fix: text('What to do.'),
        },
        ['fix'],
      ),
      'In the order of a run.',
    ),
    space: object(
      {
        blocks: whole('Its blocks.'),
        cells: whole('Cells of all blocks.'),
        networks: number('Networks that it holds.'),
        costs,
      },
      ['costs'],
    ),
    stages: list(
      object(
        {
          stage: { enum: ['distill', 'rank', 'retrain'], description: 'The stage.' },
          description: text('What it does.'),
          steps: whole('Optimiser steps, or batches.'),
          images: whole('Images that are read, each time counted.'),
          macs: number('Multiply-adds.'),
          activationBytes: number('Bytes of the feature maps that one training step keeps.'),
          hours: number('On this machine.'),
        },
        ['steps', 'images', 'activationBytes', 'hours'],
      ),
      'Empty where data or teacher are not known.',
    ),
    speed: object({
      workers: whole('Worker threads.'),
      training: number('Multiply-adds a second of all of them in training.'),
      forward: number('The same in forward passes.'),
    }),
  },
  ['space', 'speed'],
);

const described = {
  anyOf: [
    object({
      text: text('The layers of the network that was named.'),
      ...counted,
      params: whole('Parameters.'),
      macs: whole('Multiply-adds of convolutions and linear layers.'),
      layers: list(
        object({
          name: text('What the names of its tensors begin with.'),
          text: text('What it is.'),
          output: shape,
          params: whole('Its parameters.'),
          macs: whole('Its multiply-adds.'),
        }),
        'Stem, layers, head.',
      ),
    }),
    object({
      name: text('Name of the search space.'),
      ...counted,
      blocks: list(tree('Stride, and cells: channels and the operations of each layer.'), 'Its blocks.'),
      networks: number('Networks that it holds.'),
      costs,
    }),
  ],
};
const split = { enum: ['train', 'validation', 'test'], description: 'Where the images are.' };
const compared = object({
  split,
  images: list(
    object(
      {
        index: whole('In the split, from 0.'),
        name: text('Its file, where the data set has files.'),
        label: whole('Its class.'),
        className: text('Its name, where the data set knows one.'),
      },
      ['name', 'className'],
    ),
    'The images, in the order that they were asked for.',
  ),
  blocks: list(
    object({
      block: whole('Counted from 1.'),
      cell: whole('Of the found architecture, counted from 1.'),
      path: list(whole('An operation, from 0.'), 'Of the found architecture.'),
      shape: object({
        height: whole('Pixels.'),
        width: whole('Pixels.'),
        channels: whole("The teacher's."),
      }),
      error: number('Relative error over all images, mean|Y − Ŷ| / σ(Y).'),
      errors: list(number('Relative error.'), 'Of each image alone.'),
    }),
    'The blocks, in order.',
  ),
});

const share = (description: string) => ({ type: 'number', minimum: 0, maximum: 1, description });
const interval = (description: string) => ({
  ...list(share('An end.'), description),
  minItems: 2,
  maxItems: 2,
});
const measured = {
  name: text('The network.'),
  images: whole('Images that it was measured on.'),
  top1: share('Share of which the likeliest class is the right one.'),
  top5: share('Share of which the right class is among the five likeliest.'),
  top1Interval: interval('95 % confidence interval of top1.'),
  top5Interval: interval('95 % confidence interval of top5.'),
  params: whole('Its parameters.'),
  macs: whole('Its multiply-adds.'),
  warning: text('What takes the worth from these figures.'),
};
const predictions = list(
  object({
    file: text('The image’s file, or its number where it has none.'),
    label: whole('Its class.'),
    classes: list(whole('A class.'), 'The five likeliest, best first.'),
  }),
  'One an image.',
);

/** By the command's words. A command that takes `--json` stands here: the reference is made of it, a test holds it. */
export const JSON_SCHEMAS: Readonly<Record<string, JsonSchema>> = Object.freeze({
  ablate: ablation,
  config: object({
    version: text('Version of dna-nas.'),
    preset: { type: ['string', 'null'], description: 'The preset that it is based on.' },
    name: text('Name of the run, and of its folder.'),
    seed: whole('The seed.'),
    values: tree('All options that make the run, as a tree.'),
    plugins: list(
      tree('Name, reference, slot, source and, of a file, its SHA-256.'),
      'Plugins in the order of adding.',
    ),
    sources: tree('Where each value came from, by its dotted path.'),
    machine: tree('Options of this machine and of the display, by dotted path.'),
    hooks: list(
      object(
        {
          hook: text('A resolve hook.'),
          slot: text('Where its answer is wanted.'),
          plugin: text('Who answers; absent if nobody does.'),
          passedOver: names('Plugins that would have answered.'),
          error: text('Why asking failed.'),
        },
        ['plugin', 'error'],
      ),
      'Who answers each hook.',
    ),
    replaced: list(
      tree('A plugin as above.'),
      'Plugins in whose place one of the same name was added later.',
    ),
  }),
  describe: described,
  plan,
  evaluate: {
    anyOf: [
      object({ ...measured, predictions }, ['warning']),
      object({
        run: text('Folder of the run, as it was named.'),
        networks: list(object(measured, ['warning']), 'The networks that it has retrained.'),
      }),
    ],
  },
  plan,
  describe: described,
  evaluate: evaluation,
  presets: list(object({ name: text('Its name.'), description: text('What it is for.') }), 'The presets.'),
  'plugin list': pluginList,
  plugins: pluginList,
  'plugin test': object({
    passed: whole('Checks that passed.'),
    failed: whole('Checks that failed.'),
    checks: list(
      object(
        {
          plugin: text('Name of the plugin, or its file where it could not be loaded.'),
          check: text('What must hold.'),
          ok: { type: 'boolean', description: 'Whether it does.' },
          problem: text('What was found instead.'),
          fix: text('What to do.'),
        },
        ['problem', 'fix'],
      ),
      'All checks, in order.',
    ),
  }),
  report: object(
    {
      run: text("The run's folder."),
      complete: { type: 'boolean', description: 'Whether the run is.' },
      summary: tree('As in summary.json; of a run that is not complete, what there is of it.'),
      features: compared,
    },
    ['features'],
  ),
  verify: object({
    sound: { type: 'boolean', description: 'Whether nothing is damaged.' },
    whole: names('Files that are what was written.'),
    problems: names('What is damaged or missing, one line each.'),
    unknown: names('Files that nothing vouches for.'),
  }),
  doctor: object({
    version: text('Version of dna-nas.'),
    ready: { type: 'boolean', description: 'Whether a run can work here.' },
    checks: list(
      object(
        {
          check: text('What was looked at.'),
          level: { enum: ['ok', 'note', 'failed'], description: 'note: not needed for a run.' },
          found: text('What was found.'),
          fix: text('What to do, where something is to be done.'),
        },
        ['fix'],
      ),
      'All checks, in order.',
    ),
  }),
  'backend list': list(
    object(
      {
        name: text('Its short name.'),
        works: { type: 'boolean', description: 'Whether it works on this machine.' },
        description: text('What it is; where it works.'),
        reason: text('The rest of a sentence about it; where it does not work.'),
        fix: text('What to do; where it does not work.'),
      },
      ['description', 'reason', 'fix'],
    ),
    'The backends.',
  ),
});
