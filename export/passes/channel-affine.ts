import type { Graph, GraphNode } from '../graph/graph.js';

/** What an operation makes of a map: value · scale + shift, each by channel. */
export interface ChannelAffine {
  scale(channel: number): number;
  shift(channel: number): number;
}

/** An operation as one on each channel of the map `input`; undefined where it is another. */
export function channelAffine(
  graph: Graph,
  node: GraphNode,
  { input, channels }: { readonly input: string; readonly channels: number },
): ChannelAffine | undefined {
  if (node.op === 'BatchNormalization') return ofNorm(graph, node);
  if (!['Add', 'Mul'].includes(node.op)) return undefined;
  const other = node.inputs.find((name) => name !== input);
  const value = other === undefined ? undefined : channelValue(graph, other, channels);
  if (!value) return undefined;
  return node.op === 'Mul' ? { scale: value, shift: () => 0 } : { scale: () => 1, shift: value };
}

/** A constant that is one value, or one a channel [c, 1, 1]. */
function channelValue(
  { initialisers }: Graph,
  name: string,
  channels: number,
): ((channel: number) => number) | undefined {
  const constant = initialisers.get(name);
  if (!(constant?.data instanceof Float32Array)) return undefined;
  const { shape, data } = constant;
  if (data.length === 1) return () => data[0]!;
  const isOneAChannel = shape.join() === [channels, 1, 1].join();
  return isOneAChannel ? (channel) => data[channel]! : undefined;
}

function ofNorm({ initialisers }: Graph, { inputs, attributes }: GraphNode): ChannelAffine {
  const [scale, offset, mean, variance] = inputs.slice(1).map((name) => initialisers.get(name)!.data) as [
    Float32Array,
    ...Float32Array[],
  ];
  const { float: epsilon } = attributes.epsilon as { float: number };
  const factor = (channel: number) => scale[channel]! / Math.sqrt(variance![channel]! + epsilon);
  return {
    scale: factor,
    shift: (channel) => offset![channel]! - mean![channel]! * factor(channel),
  };
}
