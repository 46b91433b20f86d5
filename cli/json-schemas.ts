import { ablation } from './json-schemas/ablation.js';
import { audit } from './json-schemas/audit.js';
import { any, type JsonSchema, list, object, text, tree, whole } from './json-schemas/builders.js';
import { compared } from './json-schemas/comparison.js';
import { dataCheck } from './json-schemas/data-check.js';
import { evaluation } from './json-schemas/evaluation.js';
import { latency } from './json-schemas/latency.js';
import { described, plan } from './json-schemas/networks.js';
import { prediction } from './json-schemas/prediction.js';
import { runs } from './json-schemas/runs.js';
import { runsComparison } from './json-schemas/runs-comparison.js';
import { search } from './json-schemas/search.js';
import { status } from './json-schemas/status.js';
import { tasks } from './json-schemas/tasks.js';

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

/** By the command's words. A command that takes `--json` stands here: the reference is made of it, a test holds it. */
export const JSON_SCHEMAS: Readonly<Record<string, JsonSchema>> = Object.freeze({
  ablate: ablation,
  audit,
  compare: runsComparison,
  config: object(
    {
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
      reasons: tree('Why values that follow the data are as they are, by dotted path; absent where none do.'),
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
    },
    ['reasons'],
  ),
  plan,
  predict: prediction,
  'data check': dataCheck,
  'latency show': latency,
  describe: described,
  evaluate: evaluation,
  presets: list(object({ name: text('Its name.'), description: text('What it is for.') }), 'The presets.'),
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
  runs,
  search,
  status,
  tasks,
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
