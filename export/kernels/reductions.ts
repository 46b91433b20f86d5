import { graphAxis } from '../tracing/layout.js';
import type { Traced } from '../tracing/operand.js';
import type { Recording } from '../tracing/recording.js';
import { reshaped } from '../tracing/reshape.js';
import { type KernelCall, type Mapping, type Mappings, tracedInput } from './mapping.js';

/** First opset in which the axes of all reductions are an input. */
const AXES_AS_INPUT = 18;

/** The mean over the positions of a map: [n, h, w, c] → [n, c]. */
export function globalMean(recording: Recording, x: Traced): Traced {
  const [batch, , , channels] = x.shape as [number, number, number, number];
  return reshaped(recording, pooledMap(recording, x), [batch, channels]);
}

function pooledMap(recording: Recording, x: Traced): Traced {
  const [batch, , , channels] = x.shape as [number, number, number, number];
  return recording.add('GlobalAveragePool', [recording.value(x)], { shape: [batch, 1, 1, channels] });
}

/** None for all. */
type Axes = number | readonly number[] | null;

interface ReduceAttributes {
  readonly axis?: Axes;
  /** What Max calls its axes. */
  readonly reductionIndices?: Axes;
  readonly keepDims?: boolean;
}

/** Axes from 0, rising; all where none are given. */
function axesOf({ axis, reductionIndices = axis }: ReduceAttributes, rank: number): number[] {
  const given = [reductionIndices ?? [...Array(rank).keys()]].flat();
  return given.map((one) => (one < 0 ? one + rank : one)).sort((a, b) => a - b);
}

function reduction(op: string): Mapping {
  return (call) => {
    const { recording } = call;
    const attributes = call.attributes as ReduceAttributes;
    const x = tracedInput(call, 'x');
    const axes = axesOf(attributes, x.shape.length);
    const { keepDims = false } = attributes;
    if (op === 'ReduceMean' && x.shape.length === 4 && axes.join() === '1,2')
      return keepDims ? pooledMap(recording, x) : globalMean(recording, x);
    return reduced(recording, x, { op, axes, keepDims });
  };
}

/** Where axes fall away and those that stay have another order in the graph, the order of the code is restored first. */
function reduced(
  recording: Recording,
  x: Traced,
  { op, axes, keepDims }: { op: string; axes: readonly number[]; keepDims: boolean },
): Traced {
  const rank = x.shape.length;
  const left = [...Array(rank).keys()].filter((axis) => !axes.includes(axis));
  const places = left.map((axis) => graphAxis(axis, rank));
  // What has more axes than a map has them as the code does, and so has its result.
  const isKept = rank <= 4 && (keepDims || places.every((place, index) => place > (places[index - 1] ?? -1)));
  const shape = keepDims
    ? x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
    : left.map((axis) => x.shape[axis]!);
  const list = isKept ? axes.map((axis) => graphAxis(axis, rank)) : axes;
  const value = isKept ? recording.value(x) : recording.natural(x);
  const keepdims = { keepdims: { int: keepDims ? 1 : 0 } };
  const isAttribute = op !== 'ReduceSum' && recording.opset < AXES_AS_INPUT;
  const inputs = isAttribute ? [value] : [value, recording.wholeNumbers('axes', list)];
  const attributes = isAttribute ? { axes: { ints: list }, ...keepdims } : keepdims;
  const result = recording.add(op, inputs, { shape, attributes, isNatural: !isKept });
  return isKept ? result : recording.fromNatural(result);
}

function softmax(call: KernelCall): Traced {
  const { recording } = call;
  const logits = tracedInput(call, 'logits');
  const { dim } = call.attributes as { dim: number };
  const axis = { int: graphAxis(dim, logits.shape.length) };
  return recording.add('Softmax', [recording.value(logits)], { shape: logits.shape, attributes: { axis } });
}

/** What takes axes together. */
export const reductions: Mappings = {
  Mean: reduction('ReduceMean'),
  Sum: reduction('ReduceSum'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Softmax: softmax,
};
