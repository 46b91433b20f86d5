import { DnaError } from 'dna-nas/core';

const USAGE = { exitCode: 2 };

/** One weight a block is wanted. */
export function weightsDiffer(slot: string, given: number, blocks: number): DnaError {
  return new DnaError(
    'RATING_SCALE',
    `${slot}.weights has ${given} number${given === 1 ? '' : 's'}; the space has ${blocks} blocks, and one each is expected.`,
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

/** Weights were given and were to be fitted. */
export function weightsAndTruth(slot: string): DnaError {
  return new DnaError(
    'RATING_SCALE',
    `${slot} has weights and a truth to fit them to; one of the two is expected.`,
    `Leave out ${slot}.weights or ${slot}.truth.`,
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
    `By the ${networks} networks of ${truth} no block's ratings go with accuracy; weights above 0 are expected.`,
    'Train more networks, over more of the space: `dna truth`. Or leave the truth out.',
    USAGE,
  );
}
