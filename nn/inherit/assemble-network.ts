import type { FeatureShape, Network, NetworkTensor, StagedNetwork } from 'dna-nas/core/contracts';
import { partsDiffer } from './errors.js';

type Tensors = ReadonlyMap<string, NetworkTensor>;

/** What a network is assembled from, each with the tensors of one part in order. */
export interface InheritedParts {
  /** Of each block: its cell along the path, block 1 with the stem. */
  readonly cells: readonly Tensors[];
  /** What follows the last block of the teacher. */
  readonly head: Tensors;
  /** What the network sees. */
  readonly image: FeatureShape;
}

/**
 * Gives a network the values of trained cells and of the teacher's head. Names differ between supernet and network;
 * the order of the tensors does not, and the last part of a name and the shape must agree.
 * @throws DnaError `INHERITED_WEIGHTS` with the first tensor where they do not.
 */
export function assembleNetwork(network: Network, { cells, head, image }: InheritedParts): void {
  const headNames = tensorsOfHead(network, image);
  const all = [...network.tensors()];
  const before = all.filter(([name]) => !headNames.has(name));
  const behind = all.filter(([name]) => headNames.has(name));
  copyInOrder(
    cells.flatMap((tensors) => [...tensors]),
    before,
    'the cells of the supernet',
  );
  copyInOrder([...head], behind, 'the head of the teacher');
}

function tensorsOfHead(network: Network, image: FeatureShape): ReadonlySet<string> {
  const { stageShapes, tensorsBehind } = network as Partial<StagedNetwork>;
  if (!stageShapes || !tensorsBehind)
    throw partsDiffer('its networks do not say what follows their last block (`tensorsBehind`)');
  const stages = stageShapes.call(network, image).length;
  return new Set(tensorsBehind.call(network, stages - 1).keys());
}

type Entries = readonly (readonly [string, NetworkTensor])[];

function copyInOrder(from: Entries, to: Entries, whose: string): void {
  const differing = to.findIndex(([name, tensor], at) => {
    const [otherName = '', other] = from[at] ?? [];
    return kind(name) !== kind(otherName) || tensor.shape.join() !== other?.shape.join();
  });
  if (differing >= 0 || from.length !== to.length)
    throw partsDiffer(difference(from, to, { at: differing >= 0 ? differing : to.length, whose }));
  to.forEach(([, tensor], at) => {
    tensor.set(new Float32Array(from[at]![1].value.dataSync()));
  });
}

/** `weight`, `running_mean`. */
const kind = (name: string) => name.split('.').at(-1);

function difference(from: Entries, to: Entries, { at, whose }: { at: number; whose: string }): string {
  const [name, tensor] = to[at] ?? ['nothing more', undefined];
  const [otherName, other] = from[at] ?? ['nothing more', undefined];
  const shown = (text: string, one: NetworkTensor | undefined) =>
    one ? `${text} [${one.shape.join(', ')}]` : text;
  return `the network has ${shown(name, tensor)} where ${whose} has ${shown(otherName, other)}`;
}
