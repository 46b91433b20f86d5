import { inputOf, normalisationOf } from './input-of.js';
import { networkToTfjs } from './network-to-tfjs.js';
import { openNetwork } from './open-network.js';
import type { NetworkFacts } from './source/facts.js';
import type { TrainedRequest } from './source/open-trained.js';
import type { GraphModelFiles } from './tfjs/encode-graph-model.js';

/** What is to be exported, and how. */
export interface TfjsRequest extends TrainedRequest {
  /** Takes pixels of 0 to 255 and normalises them in the graph. @default false */
  readonly preprocess?: boolean;
}

/** A graph model of TensorFlow.js, and what goes with it. */
export interface ExportedGraphModel {
  /** By their names, which `model.json`, the first, refers to. */
  readonly files: GraphModelFiles;
  readonly facts: NetworkFacts;
  /** Name of the network's run. */
  readonly run: string;
}

/**
 * A network that a run has trained, as a graph model that `tf.loadGraphModel` loads.
 *
 * @throws DnaError `EXPORT_NORMALISATION` where the graph is to normalise and nobody knows by what; those of
 * `openTrained` and `networkToTfjs`.
 */
export async function exportTfjs(request: TfjsRequest): Promise<ExportedGraphModel> {
  const { preprocess = false } = request;
  const opened = await openNetwork(request);
  const normalisation = preprocess ? normalisationOf(opened) : undefined;
  const facts = { ...opened.facts, input: inputOf(opened, preprocess) };
  const files = await networkToTfjs(opened.create, { image: opened.image, normalisation, metadata: facts });
  return { files, facts, run: opened.run };
}
