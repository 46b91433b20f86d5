import type { FeatureShape, Network } from 'dna-nas/core/contracts';
import { writeSafetensors } from 'dna-nas/files';
import { inputOf, normalisationOf } from './input-of.js';
import { OPSETS } from './onnx/opsets.js';
import { openNetwork } from './open-network.js';
import { simplified } from './passes/index.js';
import { pytorchProgram } from './pytorch/program.js';
import { storedTensors } from './pytorch/stored-tensors.js';
import { asMetadata, type NetworkFacts } from './source/facts.js';
import type { TrainedRequest } from './source/open-trained.js';
import type { TraceOptions } from './tracing/trace-network.js';
import { withTraced } from './tracing/with-traced.js';

/** What is to be exported, and how. */
export interface SafetensorsRequest extends TrainedRequest {
  /** Takes pixels of 0 to 255 and normalises them in the network. @default false */
  readonly preprocess?: boolean;
}

/** A file of tensors, a program that makes a network of them, and what goes with both. */
export interface ExportedProgram {
  /** The bytes of the safetensors file. */
  readonly bytes: Uint8Array;
  /** The program, in Python, that reads `weightsFile` beside it. */
  program(weightsFile: string): string;
  readonly facts: NetworkFacts;
  /** Name of the network's run. */
  readonly run: string;
}

/**
 * A network that a run has trained, as tensors by timm's names and a program of PyTorch that needs nothing else.
 *
 * @throws DnaError as `exportOnnx`.
 */
export async function exportSafetensors(request: SafetensorsRequest): Promise<ExportedProgram> {
  const { preprocess = false } = request;
  const opened = await openNetwork(request);
  const normalisation = preprocess ? normalisationOf(opened) : undefined;
  const facts = { ...opened.facts, input: inputOf(opened, preprocess) };
  const made = await networkToPytorch(opened.create, { image: opened.image, normalisation, facts });
  return { ...made, facts, run: opened.run };
}

export interface PytorchOptions extends Pick<TraceOptions, 'normalisation'> {
  readonly image: FeatureShape;
  readonly facts: NetworkFacts;
}

/** Any network with its weights, in the same way; `create` as for `networkToOnnx`. */
export async function networkToPytorch(
  create: () => Network,
  { image, normalisation, facts }: PytorchOptions,
): Promise<Pick<ExportedProgram, 'bytes' | 'program'>> {
  const options = { image, normalisation, opset: OPSETS.least };
  const { graph, stored } = await withTraced(create, options, (traced, network) => {
    const simple = simplified(traced, { keepNorms: true });
    return { graph: simple, stored: storedTensors(network, simple) };
  });
  return {
    bytes: writeSafetensors(stored.tensors, asMetadata(facts)),
    program: (weightsFile) => pytorchProgram(graph, { facts, weightsFile, stored }),
  };
}
