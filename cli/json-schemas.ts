/** JSON schema of what a command prints with `--json`. */
export type JsonSchema = { readonly [keyword: string]: unknown };

const text = (description: string) => ({ type: 'string', description });
const whole = (description: string) => ({ type: 'integer', minimum: 0, description });
const list = (items: JsonSchema, description: string) => ({ type: 'array', items, description });
const object = (properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});
const any = (description: string) => ({ description });
const tree = (description: string) => ({ type: 'object', description });

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
