import type { Network, StateDict } from 'dna-nas/core/contracts';
import { stateDict } from './state-dict.js';

/**
 * Weights for a network, but for the classifier: in its place stands the one that the network has drawn for classes of
 * its own. The classifier is the layer of the network's last tensors.
 */
export function withOwnClassifier(tensors: StateDict, network: Network): StateDict {
  const own = [...stateDict(network)];
  const classifier = layerOf(own.at(-1)![0]);
  const isOfClassifier = ([name]: readonly [string, unknown]) => layerOf(name) === classifier;
  return new Map([...[...tensors].filter((entry) => !isOfClassifier(entry)), ...own.filter(isOfClassifier)]);
}

/** `classifier.weight` → `classifier` */
function layerOf(tensor: string): string {
  return tensor.slice(0, Math.max(0, tensor.lastIndexOf('.')));
}
