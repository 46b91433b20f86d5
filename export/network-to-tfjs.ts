import type { Network } from 'dna-nas/core/contracts';
import { networkGraph, type OnnxOptions } from './network-to-onnx.js';
import { encodeGraphModel, type GraphModelFiles } from './tfjs/encode-graph-model.js';

export interface TfjsOptions extends Pick<OnnxOptions, 'image' | 'normalisation'> {
  /** What the model says of itself beside its graph: `userDefinedMetadata`. @default {} */
  readonly metadata?: object;
}

/**
 * A network with its weights as a graph model of TensorFlow.js. Input `input`, float32 [batch, height, width, channels];
 * output `logits`, float32 [batch, classes]; any batch. `create` as for `networkToOnnx`.
 *
 * @throws DnaError `EXPORT_OPERATION`, `EXPORT_GRAPH`.
 */
export async function networkToTfjs(
  create: () => Network,
  { image, normalisation, metadata = {} }: TfjsOptions,
): Promise<GraphModelFiles> {
  return encodeGraphModel(await networkGraph(create, { image, normalisation }), metadata);
}
