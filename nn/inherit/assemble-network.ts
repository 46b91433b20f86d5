import type { FeatureShape, Network, NetworkTensor, StagedNetwork } from 'dna-nas/core/contracts';
import { partsDiffer } from './errors.js';

type Tensors = ReadonlyMap<string, NetworkTensor>;

/** What a network is assembled from, each with the tensors of one part in order. */
export interface InheritedTensors {
  /** Of each block: its cell along the path, block 1 with the stem. */
  readonly cells: readonly Tensors[];
  /** What follows the last block of the teacher; absent: what the network has there stays. */
  readonly head?: Tensors;
  /** What the network sees. */
  readonly image: FeatureShape;
}

/**
 * Gives a network the values of trained cells and of the teacher's head. Names differ between supernet and network;
 * the order of the tensors does not, and the last part of a name and the shape must agree.
 * @throws DnaError `INHERITED_WEIGHTS` with the first tensor where they do not.
 */
export function assembleNetwork(network: Network, { cells, head, image }: InheritedTensors): void {
  const behind = tensorsBehind(network, image);
  const before = [...network.tensors()].filter(([name]) => !behind.has(name));
  copyInOrder(
    cells.flatMap((tensors) => [...tensors]),
    before,
    'the cells of the supernet',
  );
  if (head) copyInOrder([...head], [...behind], 'the head of the teacher');
}

/** What of a network follows its last block. @throws DnaError `INHERITED_WEIGHTS` where it does not tell */
export function tensorsBehind(network: Network, image: FeatureShape): ReadonlyMap<string, NetworkTensor> {
  const staged = network as Partial<StagedNetwork>;
  if (!staged.stageShapes || !staged.tensorsBehind)
    throw partsDiffer('its networks do not say what follows their last block (`tensorsBehind`)');
  return staged.tensorsBehind(staged.stageShapes(image).length - 1);
}

/** Tensors by name in order; of a tensor that is not there yet the shape is enough. */
type Entries<Tensor extends Shaped> = readonly (readonly [name: string, tensor: Tensor])[];

interface Shaped {
  readonly shape: readonly number[];
}

function copyInOrder(from: Entries<NetworkTensor>, to: Entries<NetworkTensor>, whose: string): void {
  const found = firstDifference(from, to, whose);
  if (found) throw partsDiffer(found.text);
  to.forEach(([, tensor], at) => {
    tensor.set(new Float32Array(from[at]![1].value.dataSync()));
  });
}

/** Where tensors of a network are not those that it is to have, in words; `wanted` is the shape that is expected. */
export interface Difference {
  readonly text: string;
  readonly wanted?: readonly number[];
}

/** The first tensor of a network that differs from its counterpart in kind or shape, if any does. */
export function firstDifference(
  from: Entries<Shaped>,
  to: Entries<Shaped>,
  whose: string,
): Difference | undefined {
  const at = Array.from({ length: Math.max(from.length, to.length) }).findIndex((_, index) => {
    const [[name = '', one] = [], [otherName = '', other] = []] = [to[index], from[index]];
    return kindOf(name) !== kindOf(otherName) || one?.shape.join() !== other?.shape.join();
  });
  if (at < 0) return undefined;
  const text = `the network has ${shown(to[at])} where ${whose} has ${shown(from[at])}`;
  return { text, ...(from[at] && { wanted: from[at][1].shape }) };
}

/** The last parts of a tensor's name: `weight`, `running_mean`. */
export const kindOf = (name: string, parts = 1): string => name.split('.').slice(-parts).join('.');

function shown(entry: readonly [name: string, tensor: Shaped] | undefined): string {
  return entry ? `${entry[0]} [${entry[1].shape.join(', ')}]` : 'nothing more';
}
