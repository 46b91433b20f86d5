import type { Network, StateDict } from 'dna-nas/core/contracts';
import { type StateEntry, stateDict } from 'dna-nas/nn/weights';
import type { Graph } from '../graph/graph.js';

/** What a file of tensors holds, and where the constants of a graph are in it. */
export interface StoredTensors {
  /** By timm's names, in files' layout; constants of the graph that are none of the network's tensors come last. */
  readonly tensors: StateDict;
  /** Names of those that are learned. */
  readonly parameters: ReadonlySet<string>;
  /** The tensor that each floating constant of the graph is. */
  readonly places: ReadonlyMap<string, string>;
}

/** A name that was taken has a number behind it. */
const COUNT = /_\d+$/;

/** Operations whose constants stand in the program as numbers. */
const WRITTEN_OUT: ReadonlySet<string> = new Set(['Clip', 'Pad']);

/** Every tensor of a network, and what its graph needs beside them. */
export function storedTensors(network: Network, graph: Graph): StoredTensors {
  const tensors: StateDict = stateDict(network);
  const parameters = new Set(
    [...network.tensors()].filter(([, { role }]) => role === 'parameter').map(([name]) => name),
  );
  const places = new Map<string, string>();
  const read = new Set(graph.nodes.filter(({ op }) => !WRITTEN_OUT.has(op)).flatMap(({ inputs }) => inputs));
  for (const [name, { shape, data }] of graph.initialisers) {
    if (!(data instanceof Float32Array) || !read.has(name)) continue;
    const place = [name, name.replace(COUNT, '')].find((one) => isSame(tensors.get(one), data));
    if (place === undefined) tensors.set(freeName(name, tensors), { shape: [...shape], data });
    places.set(name, place ?? [...tensors.keys()].at(-1)!);
  }
  return { tensors, parameters, places };
}

/** The same values in the same order, whatever the shape. */
function isSame(entry: StateEntry | undefined, data: Float32Array): boolean {
  return entry?.data.length === data.length && entry.data.every((value, at) => Object.is(value, data[at]));
}

/** A name that no tensor has yet. */
function freeName(name: string, tensors: ReadonlyMap<string, StateEntry>): string {
  let free = name;
  while (tensors.has(free)) free = `${free}_`;
  return free;
}
