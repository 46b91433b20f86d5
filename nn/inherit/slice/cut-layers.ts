import type { NetworkTensor } from 'dna-nas/core/contracts';
import { bestIndices, type Cut, cutTensor, type SourceIndices, type Values } from './cut-tensor.js';
import type { LinearFit } from './moments.js';

/** Tensors of one layer, by its own names: `conv_pw.weight`. */
export type LayerTensors = ReadonlyMap<string, NetworkTensor>;

/** A layer that is cut out of another of the same kind with other channels. */
export interface LayerCut {
  readonly from: LayerTensors;
  /** Initialised; what is new keeps its values. */
  readonly to: LayerTensors;
  /** What tells the map that the layer was trained to read from the one that it reads now. */
  readonly adapter: LinearFit | undefined;
}

const NORM = ['weight', 'bias', 'running_mean', 'running_var'];

/** An MBConv whose inner channels are those that its last convolution needs most; its outputs are the given ones. */
export function cutMbConv(layer: LayerCut, outputs: SourceIndices): void {
  const [, , , count] = shapeOf(layer.to, 'conv_pw.weight');
  const inner = bestIndices(importance(layer.from, { norm: 'bn2', reader: 'conv_pwl.weight' }), count!);
  cutFirst(layer, { convolution: 'conv_pw', norm: 'bn1' }, inner);
  cut(layer, 'conv_dw.weight', { axes: { 2: inner } });
  cutNorm(layer, 'bn2', inner);
  if (layer.to.has('se.conv_reduce.weight')) cutSqueeze(layer, inner);
  cut(layer, 'conv_pwl.weight', { axes: { 2: inner, 3: outputs }, reads: 2 });
  cutNorm(layer, 'bn3', outputs);
}

/** A classifier's head whose channels are those that its classifier needs most. */
export function cutHead(layer: LayerCut): void {
  const [, , , count] = shapeOf(layer.to, 'conv_head.weight');
  const kept = bestIndices(importance(layer.from, { norm: 'bn2', reader: 'classifier.weight' }), count!);
  cutFirst(layer, { convolution: 'conv_head', norm: 'bn2' }, kept);
  cut(layer, 'classifier.weight', { axes: { 0: kept }, reads: 0 });
  cut(layer, 'classifier.bias', { axes: {} });
}

/** Weights by which a layer's first convolution reads each channel, as its batch norm scales them: [inputs · outputs]. */
export function readersOf(layer: LayerTensors): Float64Array {
  const [convolution, norm] = layer.has('conv_head.weight') ? ['conv_head', 'bn2'] : ['conv_pw', 'bn1'];
  const { shape, data } = valuesOf(layer, `${convolution}.weight`);
  const [scale, variance] = ['weight', 'running_var'].map((name) => valuesOf(layer, `${norm}.${name}`).data);
  const width = shape[3]!;
  return Float64Array.from(data, (value, at) => {
    const output = at % width;
    return (value * scale![output]!) / Math.sqrt(Math.max(variance![output]!, Number.EPSILON));
  });
}

/** The reduced channels that are read most. */
function cutSqueeze(layer: LayerCut, inner: SourceIndices): void {
  const expand = valuesOf(layer.from, 'se.conv_expand.weight');
  const [, , count] = shapeOf(layer.to, 'se.conv_expand.weight');
  const reduced = bestIndices(rowNorms(expand), count!);
  cut(layer, 'se.conv_reduce.weight', { axes: { 2: inner, 3: reduced }, reads: 2 });
  cut(layer, 'se.conv_reduce.bias', { axes: { 0: reduced } });
  cut(layer, 'se.conv_expand.weight', { axes: { 2: reduced, 3: inner }, reads: 2 });
  cut(layer, 'se.conv_expand.bias', { axes: { 0: inner } });
}

/** A 1×1 convolution, the adapter before it taken into it; the constant part is the batch norm's to take out. */
function cutFirst(
  layer: LayerCut,
  { convolution, norm }: { readonly convolution: string; readonly norm: string },
  outputs: SourceIndices,
): void {
  const name = `${convolution}.weight`;
  const weight = valuesOf(layer.from, name);
  const source = layer.adapter ? adapted(layer.adapter, weight, shapeOf(layer.to, name)[2]!) : weight;
  cut(layer, name, { axes: { 3: outputs } }, source);
  cutNorm(layer, norm, outputs);
}

/** adapter · weight, in the place of weight [1, 1, trained, outputs]. */
function adapted({ weights }: LinearFit, weight: Values, inputs: number): Values {
  const [, , trained, outputs] = weight.shape as [number, number, number, number];
  const data = new Float32Array(inputs * outputs);
  for (let input = 0; input < inputs; input++)
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      for (let at = 0; at < trained; at++)
        sum += weights[input * trained + at]! * weight.data[at * outputs + output]!;
      data[input * outputs + output] = sum;
    }
  return { shape: [1, 1, inputs, outputs], data };
}

function cutNorm(layer: LayerCut, norm: string, channels: SourceIndices): void {
  for (const name of NORM) cut(layer, `${norm}.${name}`, { axes: { 0: channels } });
}

function cut(layer: LayerCut, name: string, how: Cut, source = valuesOf(layer.from, name)): void {
  layer.to.get(name)!.set(cutTensor(source, valuesOf(layer.to, name), how));
}

/** How much each channel behind a batch norm counts: the weights that read it, times how far the norm lets it go. */
function importance(
  layer: LayerTensors,
  { norm, reader }: { readonly norm: string; readonly reader: string },
): number[] {
  const [scale, offset] = ['weight', 'bias'].map((name) => valuesOf(layer, `${norm}.${name}`).data);
  return rowNorms(valuesOf(layer, reader)).map((read, at) => read * Math.hypot(scale![at]!, offset![at]!));
}

/** Of a matrix [.., inputs, outputs], one norm an input. */
function rowNorms({ shape, data }: Values): number[] {
  const width = shape.at(-1)!;
  return Array.from({ length: data.length / width }, (_, row) =>
    Math.hypot(...data.subarray(row * width, (row + 1) * width)),
  );
}

function shapeOf(layer: LayerTensors, name: string): readonly number[] {
  return layer.get(name)!.shape;
}

function valuesOf(layer: LayerTensors, name: string): Values {
  const { shape, value } = layer.get(name)!;
  return { shape, data: value.dataSync<'float32'>() };
}
