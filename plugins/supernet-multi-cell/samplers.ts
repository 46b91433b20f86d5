import type { PathSampler } from 'dna-nas/core';

/** Draws every layer's operation on its own, all equally likely. */
export const sampleUniformly: PathSampler = ({ choices, draw, random }) =>
  choices.map((count, layer) => random.fork(draw, layer).integer(count));

/**
 * Strict fairness (FairNAS, arXiv 1907.01845): in each group of n draws, a layer of n operations uses each of them
 * exactly once, in an order drawn for the group and the layer.
 */
export const sampleFairly: PathSampler = ({ choices, draw, random }) =>
  choices.map((count, layer) => {
    const order = random.fork(Math.floor(draw / count), layer).permutation(count);
    return order[draw % count]!;
  });
