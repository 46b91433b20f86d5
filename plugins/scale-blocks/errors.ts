import { counted, DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** One weight a block is wanted. */
export function weightsDiffer(slot: string, given: number, blocks: number): DnaError {
  return new DnaError(
    'RATING_SCALE',
    `${slot}.weights has ${counted(given, 'number')}; the space has ${counted(blocks, 'block')}, and one each is expected.`,
    `Write ${blocks} numbers, or none.`,
    USAGE,
  );
}

/** All weights are 0. */
export function nothingWeighs(slot: string): DnaError {
  return new DnaError(
    'RATING_SCALE',
    `${slot}.weights are all 0; one above 0 is expected, or all networks are rated alike.`,
    'Raise one of them.',
    USAGE,
  );
}

/** What a truth decides was given as well. */
export function truthAlone(slot: string, option: 'weights' | 'values'): DnaError {
  return new DnaError(
    'RATING_SCALE',
    `${slot} has ${option} and a truth, which decides on them; one of the two is expected.`,
    `Leave out ${slot}.${option} or ${slot}.truth.`,
    USAGE,
  );
}

/** A rating has no logarithm. */
export function notPositive(block: number, rating: number): DnaError {
  return new DnaError(
    'RATING_SCALE',
    `Block ${block + 1} has a candidate that is rated ${rating}; for logarithms a rating above 0 is expected.`,
    'Take ranks, or a rating that is a distance.',
    USAGE,
  );
}

/** What was fitted says nothing. */
export function nothingFitted(truth: string, networks: number): DnaError {
  return new DnaError(
    'RATING_SCALE',
    `The ${counted(networks, 'network')} of ${truth} tell nothing, as their accuracies or their ratings are all equal; different ones are expected.`,
    'Train more networks, over more of the space: `dna truth`. Or leave the truth out.',
    USAGE,
  );
}

/** A network of the truth has a candidate that the run left out. */
export function notRated(truth: string, network: string): DnaError {
  return new DnaError(
    'RATING_SCALE',
    `The run has not rated all blocks of ${network} of ${truth}; a rating of each is expected.`,
    'Remove its line, or have its candidates rated.',
    USAGE,
  );
}
