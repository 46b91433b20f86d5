import { dataUnlabelled } from 'dna-nas/nn/images';
import type { ExportedModel, OnnxRequest } from './export-onnx.js';
import { inputOf, normalisationOf } from './input-of.js';
import { networkGraph } from './network-to-onnx.js';
import { encodeModel } from './onnx/encode-model.js';
import { OPSETS, requireOpset } from './onnx/opsets.js';
import { openNetwork } from './open-network.js';
import { calibrate } from './quantize/calibrate.js';
import { compareModels, type MeasuredModel } from './quantize/compare-models.js';
import { ModelRunner } from './quantize/model-runner.js';
import { quantizeGraph } from './quantize/quantize-graph.js';
import { asMetadata, type NetworkFacts } from './source/facts.js';

/** A model in eight bits, and what that has cost. */
export interface QuantizedModel extends ExportedModel {
  /** The model in float32, and this one, by the same runtime on all test images. */
  readonly float: MeasuredModel;
  readonly int8: MeasuredModel;
  /** What measured them, for people. */
  readonly runtime: string;
}

const FLOAT = 'Export it in float32, without --quantize.';

/**
 * A network that a run has trained as an ONNX model in eight bits: ranges of its activations are taken from 256
 * training images by the project's onnxruntime, which then measures it beside the one in float32.
 *
 * @throws DnaError as `exportOnnx`; `PREDICT_RUNTIME` without onnxruntime; those of the data set, which must be at hand.
 */
export async function exportQuantized(request: Omit<OnnxRequest, 'keepNorms'>): Promise<QuantizedModel> {
  const { preprocess = false, opset = OPSETS.least, project = process.cwd() } = request;
  requireOpset(opset);
  const opened = await openNetwork(request);
  const { image } = opened;
  const normalisation = preprocess ? normalisationOf(opened) : undefined;
  const dataset = await opened.openData();
  try {
    const { name: data, labels } = dataset.description;
    if (labels === false) throw dataUnlabelled(data, 'what eight bits cost is measured by', FLOAT);
    const runner = await ModelRunner.open(project, dataset, { image, pixels: normalisation });
    const graph = await networkGraph(opened.create, { image, normalisation, opset });
    const small = quantizeGraph(graph, await calibrate(graph, { runner, dataset, opset }));
    const { name } = opened.facts;
    const plain = [graph, small].map((one) => encodeModel(one, { opset, name, metadata: {} }));
    const [float, int8] = (await compareModels(plain, { runner, dataset })) as [MeasuredModel, MeasuredModel];
    const facts: NetworkFacts = {
      ...opened.facts,
      name: `${name}-int8`,
      accuracy: { top1: int8.top1, images: dataset.description.size.test },
      input: inputOf(opened, preprocess),
    };
    const bytes = encodeModel(small, { opset, name: facts.name, metadata: asMetadata(facts) });
    return { bytes, facts, run: opened.run, float, int8, runtime: runner.runtime };
  } finally {
    await dataset.close();
  }
}
