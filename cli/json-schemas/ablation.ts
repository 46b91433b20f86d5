import { type JsonSchema, list, number, object, text, whole } from './builders.js';

const names = (description: string) => list({ type: 'string' }, description);
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
/** Of `dna ablate`. */
export const ablation = object({
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
  effects: list(
    object({
      axis: text('An axis.'),
      level: text('One of its levels.'),
      against: text('Its first level.'),
      difference: estimated,
    }),
    'Difference of top-1 over all pairs of runs that differ in one axis alone.',
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
