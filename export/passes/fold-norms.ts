import { consumersOf, type Graph, type GraphNode, type Initialiser } from '../graph/graph.js';
import { UniqueNames } from '../graph/unique-names.js';
import { type ChannelAffine, channelAffine } from './channel-affine.js';

/**
 * A graph in which batch norms, and other sums and products with a value for each channel, are part of the convolution
 * before them: its filter is scaled and its bias shifted. Computed in float64 and rounded once.
 */
export function foldNorms(graph: Graph): Graph {
  let folded = graph;
  for (let pair = findPair(folded); pair; pair = findPair(folded)) folded = join(folded, pair);
  return folded;
}

interface Pair {
  readonly convolution: GraphNode;
  readonly next: GraphNode;
  readonly affine: ChannelAffine;
}

/** A convolution whose result is read by such an operation alone. */
function findPair(graph: Graph): Pair | undefined {
  const consumers = consumersOf(graph.nodes);
  for (const convolution of graph.nodes) {
    if (convolution.op !== 'Conv') continue;
    const input = convolution.outputs[0]!;
    const [next, ...others] = consumers.get(input) ?? [];
    if (!next || others.length > 0) continue;
    const channels = graph.initialisers.get(convolution.inputs[1]!)!.shape[0]!;
    const affine = channelAffine(graph, next, { input, channels });
    if (affine) return { convolution, next, affine };
  }
  return undefined;
}

function join(graph: Graph, { convolution, next, affine }: Pair): Graph {
  const [x, filter, bias] = convolution.inputs as [string, string, string?];
  const { nodes, initialisers } = graph;
  const weights = initialisers.get(filter)!;
  const shift = bias === undefined ? undefined : initialisers.get(bias)!.data;
  const names = new UniqueNames([...initialisers.keys()]);
  /** The tensor's own name, unless another node reads it too. */
  const free = (name: string) =>
    nodes.some((node) => node !== convolution && node.inputs.includes(name)) ? names.take(name) : name;
  const filterName = free(filter);
  const biasName = bias === undefined ? names.take(`${layerOf(filter)}bias`) : free(bias);
  const [channels] = weights.shape as [number];
  const added = new Map(initialisers)
    .set(filterName, { shape: weights.shape, data: scaled(weights.data, channels, affine) })
    .set(biasName, { shape: [channels], data: shifted(shift, channels, affine) });
  const both = { ...convolution, inputs: [x, filterName, biasName], outputs: next.outputs };
  const kept = nodes.filter((node) => node !== next).map((node) => (node === convolution ? both : node));
  return { ...graph, nodes: kept, initialisers: added };
}

type Values = Initialiser['data'];

/** A filter [o, …] with each output's values scaled. */
function scaled(filter: Values, channels: number, { scale }: ChannelAffine): Float32Array {
  const result = new Float32Array(filter as Float32Array);
  const size = filter.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const factor = scale(channel);
    for (let at = channel * size; at < (channel + 1) * size; at++) result[at]! *= factor;
  }
  return result;
}

function shifted(bias: Values | undefined, channels: number, { scale, shift }: ChannelAffine): Float32Array {
  return Float32Array.from({ length: channels }, (_, channel) => {
    return Number(bias?.[channel] ?? 0) * scale(channel) + shift(channel);
  });
}

/** `conv_stem.weight` → `conv_stem.` */
function layerOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.') + 1);
}
