import { type RandomStream, randomStream } from 'dna-nas/core';
import { paretoFront, type SearchProblem, type Solution } from 'dna-nas/plugins/search-exact';
import { expect, test } from 'vitest';
import { allNetworks, within } from './brute-force.js';

const NONE = Number.POSITIVE_INFINITY;
const CANDIDATES = 250;

/** Numbers of the kinds that rounding, ties and signs make hard. */
const KINDS: Readonly<Record<string, (random: RandomStream) => number>> = {
  'small whole numbers, most of them tied': (random) => random.integer(12),
  'large whole numbers': (random) => random.integer(1e6),
  'tenths, which are rounded': (random) => random.integer(200) / 10,
  'numbers of both signs': (random) => random.uniform() - 0.5,
};

/**
 * Two blocks of so many candidates that partial networks are pruned while they are still made: what is better rated
 * costs more, so that few candidates beat others. 62,500 networks.
 */
function problemOf(number: (random: RandomStream) => number, random: RandomStream): SearchProblem {
  const vector = (length: number) => Float64Array.from({ length }, () => number(random));
  const blocks = [1, 2].map((inputs) => {
    const costs = Array.from({ length: inputs }, () => vector(2 * CANDIDATES));
    const ratings = vector(CANDIDATES).map((own, candidate) => {
      const noise = Number.isInteger(own) ? Math.round(own / 5) : own / 5;
      return noise - costs[0]![2 * candidate]! - costs[0]![2 * candidate + 1]!;
    });
    const output = Uint16Array.from({ length: CANDIDATES }, (_, candidate) => candidate % 2);
    return { states: 2, output, ratings, costs };
  });
  return { costNames: ['macs', 'params'], fixed: vector(2), blocks, final: [vector(2), vector(2)] };
}

/** The front of networks in their order: whoever is equalled or beaten by one before it is left out. */
function frontOf(networks: readonly Solution[], costs: readonly number[]): Solution[] {
  const front: Solution[] = [];
  for (const network of networks) {
    const isBeaten = front.some((one) => costs.every((cost) => one.costs[cost]! <= network.costs[cost]!));
    if (!isBeaten) front.push(network);
  }
  return front;
}

test.each(Object.entries(KINDS))(
  'the front of 62,500 networks, %s, is that of brute force',
  (kind, number) => {
    const problem = problemOf(number, randomStream('large-fronts').fork(kind));
    const networks = allNetworks(problem);
    const params = networks.map(({ costs }) => costs[1]!).sort((one, other) => one - other);
    for (const limit of [NONE, params[networks.length >> 2]!]) {
      for (const traced of [[0], [0, 1]]) {
        const limits = [NONE, limit];
        const expected = frontOf(
          networks.filter((network) => within(network, limits)),
          traced,
        );
        expect(paretoFront(problem, limits, traced)).toEqual(expected);
      }
    }
  },
);
