import { list, number, object, text, whole } from './builders.js';

const optional = {
  preset: text('That it was made of.'),
  seed: whole('Of the run.'),
  stage: text('The last stage that ended, where the run is not complete.'),
  started: text('When it was first started, ISO 8601.'),
  seconds: number('Over all its starts.'),
  found: text("What the search found, in the space's words."),
  rating: number('Of what was found; lower is better.'),
  accuracy: number('On the test split, of what was found: 0 to 1.'),
  interval: { ...list({ type: 'number' }, 'Of 95 %, of the accuracy.'), minItems: 2, maxItems: 2 },
  params: whole('Parameters of what was found.'),
  macs: whole('Its multiply-adds.'),
  problem: text('Why it cannot be read.'),
};

/** What `dna runs --json` prints. */
export const runs = object({
  runs: list(
    object(
      {
        name: text('Of its folder, below the folder of runs.'),
        state: {
          enum: ['complete', 'working', 'stopped', 'damaged', 'foreign'],
          description: 'Whether some process works on it, as far as can be seen from here; foreign: no run.',
        },
        ...optional,
      },
      Object.keys(optional),
    ),
    'Runs, sorted and filtered as asked.',
  ),
});
