import type { RandomStream } from 'dna-nas/core';
import type { PathSampler } from 'dna-nas/core/contracts';

/** Draws every layer's operation on its own, all equally likely. */
export const sampleUniformly: PathSampler = ({ choices, draw, random }) =>
  choices.map((count, layer) => random.fork(draw, layer).integer(count));

/** The latest group's order of each layer, by the cell's stream: a group lasts for several draws. */
const latest = new WeakMap<
  RandomStream,
  Map<number, { readonly group: number; readonly order: Uint32Array }>
>();

/**
 * Strict fairness (FairNAS, arXiv 1907.01845): in each group of n draws, a layer of n operations uses each of them
 * exactly once, in an order drawn for the group and the layer.
 */
export const sampleFairly: PathSampler = ({ choices, draw, random }) =>
  choices.map((count, layer) => orderOf(random, Math.floor(draw / count), { layer, count })[draw % count]!);

function orderOf(
  random: RandomStream,
  group: number,
  { layer, count }: { layer: number; count: number },
): Uint32Array {
  let layers = latest.get(random);
  if (!layers) {
    layers = new Map();
    latest.set(random, layers);
  }
  const known = layers.get(layer);
  if (known?.group === group && known.order.length === count) return known.order;
  const order = random.fork(group, layer).permutation(count);
  layers.set(layer, { group, order });
  return order;
}
