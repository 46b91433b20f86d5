import { inputOf, normalisationOf } from './input-of.js';
import { networkToOnnx, type OnnxOptions } from './network-to-onnx.js';
import { OPSETS, requireOpset } from './onnx/opsets.js';
import { openNetwork } from './open-network.js';
import { asMetadata, type NetworkFacts } from './source/facts.js';
import type { TrainedRequest } from './source/open-trained.js';

/** What is to be exported, and how. */
export interface OnnxRequest extends TrainedRequest, Pick<OnnxOptions, 'opset' | 'keepNorms'> {
  /** Takes pixels of 0 to 255 and normalises them in the graph. @default false */
  readonly preprocess?: boolean;
}

/** A model and what goes with it. */
export interface ExportedModel {
  /** The bytes of the ONNX file. */
  readonly bytes: Uint8Array;
  readonly facts: NetworkFacts;
  /** Name of the network's run. */
  readonly run: string;
}

/**
 * A network that a run has trained, as an ONNX model that says what it takes and how it was measured.
 *
 * @throws DnaError `EXPORT_OPSET`; `EXPORT_NORMALISATION` where the graph is to normalise and nobody knows by what; those of
 * `openTrained` and `networkToOnnx`.
 */
export async function exportOnnx(request: OnnxRequest): Promise<ExportedModel> {
  const { preprocess = false, opset = OPSETS.least, keepNorms = false } = request;
  requireOpset(opset);
  const opened = await openNetwork(request);
  const normalisation = preprocess ? normalisationOf(opened) : undefined;
  const facts = { ...opened.facts, input: inputOf(opened, preprocess) };
  const bytes = await networkToOnnx(opened.create, {
    image: opened.image,
    normalisation,
    opset,
    keepNorms,
    name: facts.name,
    metadata: asMetadata(facts),
  });
  return { bytes, facts, run: opened.run };
}
