import type { Network } from 'dna-nas/core/contracts';
import { writeSafetensors } from 'dna-nas/files';
import { innerChannels } from 'dna-nas/nn/layers';
import { EfficientNet, type EfficientNetSpec } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import { noTimmNetwork } from './errors.js';
import type { ExportedProgram } from './export-safetensors.js';
import { inputOf } from './input-of.js';
import { openNetwork } from './open-network.js';
import { timmProgram } from './pytorch/timm-program.js';
import { asMetadata, type NetworkFacts } from './source/facts.js';
import type { TrainedRequest } from './source/open-trained.js';
import { withTracingBackend } from './tracing/tracing-backend.js';

/**
 * A network that a run has trained, as tensors by timm's names and a program that makes timm's own network of them.
 *
 * @throws DnaError `EXPORT_TIMM` where timm has no such network, else as `exportOnnx`.
 */
export async function exportTimm(request: TrainedRequest): Promise<ExportedProgram> {
  const opened = await openNetwork(request);
  const facts = { ...opened.facts, input: inputOf(opened, false) };
  const made = await withTracingBackend(() => networkToTimm(opened.create, facts));
  return { ...made, facts, run: opened.run };
}

/** Any network with its weights, in the same way; `create` as for `networkToOnnx`. */
export function networkToTimm(
  create: () => Network,
  facts: NetworkFacts,
): Pick<ExportedProgram, 'bytes' | 'program'> {
  const network = create();
  try {
    const spec = requireTimmNetwork(network);
    const bytes = writeSafetensors(stateDict(network), asMetadata(facts));
    return { bytes, program: (weightsFile) => timmProgram(spec, { facts, weightsFile }) };
  } finally {
    network.dispose();
  }
}

/** timm rounds the channels inside its layers to eights, whatever they are told to be. */
const TIMM_DIVISOR = 8;

function requireTimmNetwork(network: Network): EfficientNetSpec {
  if (!(network instanceof EfficientNet))
    throw noTimmNetwork(
      'it is not of the EfficientNet family',
      'Say --format safetensors, whose program needs PyTorch alone, or --format onnx.',
    );
  const others = otherWidths(network.spec);
  if (others.length > 0)
    throw noTimmNetwork(
      `it rounds the channels inside a layer to eights, which other than here gives ${others.join(', ')}`,
      'Say --format safetensors, whose program needs PyTorch alone, or search with space.innerDivisor: 8.',
    );
  return network.spec;
}

/** The layers whose channels inside are others in timm: `blocks.1.0 40 for 36`. */
function otherWidths({ stem, stages, innerDivisor }: EfficientNetSpec): string[] {
  let inputChannels = stem;
  return stages.flatMap((layers, stage) =>
    layers.flatMap(({ operation, expansion, channels }, layer) => {
      const shape = { inputChannels, expansion };
      inputChannels = channels;
      if (operation === 'ds') return [];
      const ours = innerChannels({ ...shape, innerDivisor });
      const theirs = innerChannels({ ...shape, innerDivisor: TIMM_DIVISOR });
      return ours === theirs ? [] : [`blocks.${stage}.${layer} ${theirs} for ${ours}`];
    }),
  );
}
