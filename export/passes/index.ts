import type { Graph } from '../graph/graph.js';
import { addBiases } from './add-biases.js';
import { foldNorms } from './fold-norms.js';
import { keepMaps } from './keep-maps.js';
import { removeUnused } from './remove-unused.js';

/** The same function in fewer operations. Batch norms are folded into the convolutions before them, or stay. */
export function simplified(graph: Graph, { keepNorms }: { readonly keepNorms: boolean }): Graph {
  const biased = keepMaps(addBiases(graph));
  return removeUnused(keepNorms ? biased : foldNorms(biased));
}
