import { list, number, object, text, tree, whole } from './builders.js';

const block = object(
  {
    cell: whole('Counted from 0.'),
    channels: whole('Of its output.'),
    layers: list(text('Name of an operation.'), 'Its layers, in order.'),
  },
  ['channels'],
);

const loss = object({
  block: whole('Counted from 0.'),
  cell: whole('Counted from 0.'),
  steps: whole('Of its training.'),
  first: number('At the beginning; a mean of several steps, as `last`.'),
  last: number('At the end.'),
});

const run = object(
  {
    name: text("Its folder's name; the folder as it was given where two have the same."),
    folder: text('Absolute.'),
    complete: { type: 'boolean', description: 'Whether the run is.' },
    summary: tree('As in summary.json; of a run that is not complete, what there is of it.'),
    network: tree('Of the summary: the network that is compared, once it is trained.'),
    costs: tree('Of the network that was found, by name.'),
    blocks: list(block, 'The network that was found, block by block.'),
    losses: list(loss, 'Of the cells that are trained.'),
    missing: list(text('What there is not, without the subject.'), 'What could not be compared of it.'),
  },
  ['network', 'costs', 'blocks'],
);

/** Of `dna compare`. */
export const runsComparison = object({
  runs: list(run, 'The runs, in the order that they were named.'),
  configuration: list(
    object({ path: text('Dotted.'), values: tree('By the name of the run; absent where it has none.') }),
    'What is not the same in all runs.',
  ),
  differences: list(
    object(
      {
        run: text('Name of the run.'),
        against: text('The first run.'),
        difference: number('Top-1 of its network minus that of the first, −1 to 1.'),
        interval: list(number('Low and high end.'), 'Its 95 % interval for these images.'),
        images: whole('Test images of both.'),
        discordant: whole('Images that only one of the two got right.'),
        unknown: text('Why the difference is not known; then the fields before are absent.'),
      },
      ['difference', 'interval', 'images', 'discordant', 'unknown'],
    ),
    'Every run but the first.',
  ),
});
