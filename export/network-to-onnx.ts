import type { Network } from 'dna-nas/core/contracts';
import type { Graph } from './graph/graph.js';
import { encodeModel } from './onnx/encode-model.js';
import { OPSETS, requireOpset } from './onnx/opsets.js';
import { simplified } from './passes/index.js';
import type { TraceOptions } from './tracing/trace-network.js';
import { withTraced } from './tracing/with-traced.js';

export interface OnnxOptions extends Pick<TraceOptions, 'image' | 'normalisation' | 'part'> {
  /** Version of ONNX's operations. @default 17 */
  readonly opset?: number;
  /** Keeps batch norms as operations of their own, in place of folding them into convolutions. @default false */
  readonly keepNorms?: boolean;
  /** Of the graph. @default 'network' */
  readonly name?: string;
  /** What the model says of itself beside its graph, by key. @default {} */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A network with its weights as an ONNX model. Input `input`, float32 [batch, channels, height, width]; output
 * `logits`, float32 [batch, classes], or maps of a part, [batch, channels, height, width]; any batch. `create` makes the network, its weights included, while the export's
 * own backend of tfjs is the current one; it is disposed of afterwards.
 *
 * @throws DnaError `EXPORT_OPERATION`, `EXPORT_GRAPH`, `EXPORT_OPSET`, `EXPORT_SIZE`.
 */
export async function networkToOnnx(
  create: () => Network,
  {
    image,
    normalisation,
    part,
    opset = OPSETS.least,
    keepNorms = false,
    name = 'network',
    metadata = {},
  }: OnnxOptions,
): Promise<Uint8Array> {
  const graph = await networkGraph(create, { image, normalisation, part, opset, keepNorms });
  return encodeModel(graph, { opset, name, metadata });
}

/** The graph that `networkToOnnx` writes. @throws DnaError as that does */
export async function networkGraph(
  create: () => Network,
  { image, normalisation, part, opset = OPSETS.least, keepNorms = false }: OnnxOptions,
): Promise<Graph> {
  requireOpset(opset);
  const graph = await withTraced(create, { image, opset, normalisation, part }, (traced) => traced);
  return simplified(graph, { keepNorms });
}
