import { list, number, object, text, tree, whole } from './builders.js';

const costs = (description: string) => ({
  type: 'object',
  description,
  additionalProperties: number('Of the whole network.'),
});

const network = object({
  architecture: list(tree('Cell and path, counted from 0.'), 'One choice a block.'),
  text: text("In the space's words."),
  rating: number('Sum over the blocks; lower is better.'),
  costs: costs('By name.'),
  depth: whole('Layers that compute something.'),
});

/** Of `dna search`. */
export const search = object(
  {
    run: text("Name of the run's folder."),
    networks: number('Networks of the space.'),
    costNames: list({ type: 'string' }, 'All costs that the space prices.'),
    limits: costs('Those that held, by cost.'),
    best: network,
    proof: object({
      bound: number('No network within the limits is rated lower.'),
      gap: number('The rating of the best less the bound: 0 where it is proven.'),
      text: text('How the bound came about.'),
    }),
    top: list(network, 'The best, best first; equal networks stand once.'),
    front: list(network, 'With `--front` alone: by the name that stands first in it, rising.'),
    retrain: text('The command that trains the best.'),
  },
  ['front'],
);
