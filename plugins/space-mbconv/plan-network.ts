import type { NetworkOptions } from 'dna-nas/core/contracts';
import { DnaError, nearest } from 'dna-nas/errors';
import type { LayerStyle } from 'dna-nas/nn/layers';
import {
  EfficientNet,
  type EfficientNetSpec,
  PUBLISHED_NETWORKS,
  publishedNetwork,
  scaleNetwork,
} from 'dna-nas/nn/networks';
import { formatLayers, separableLayer } from './layers.js';
import type { SpaceMbconvOptions } from './options.js';
import { parseStages } from './parse-architecture.js';
import { scaleText, splitScale } from './scale-text.js';

/** Everything that makes a network, for what it takes over from the data set and the training. */
type SpecOf = (network: NetworkOptions) => EfficientNetSpec;

/**
 * Reads a network that need not be in the space: a published one by name, with its own stem, head and padding, or
 * blocks in timm's notation between the space's stem and head; either may be scaled (`dna-c @ w2 d3.1`). Throws a
 * `DnaError` where the text is neither.
 */
export function planNetwork(given: string, options: SpaceMbconvOptions, style: LayerStyle) {
  const { text, scale } = splitScale(given);
  const { stages, specOf } = PUBLISHED_NETWORKS.includes(text)
    ? readPublished(text)
    : readBlocks(text, options, style);
  const layers = formatLayers(stages);
  if (!scale) return { text: layers, create: (network: NetworkOptions) => new EfficientNet(specOf(network)) };
  return {
    text: scaleText(layers, scale),
    create: (network: NetworkOptions) => new EfficientNet(scaleNetwork(specOf(network), scale)),
  };
}

function readPublished(name: string) {
  const specOf: SpecOf = (network) => publishedNetwork(name, fitted(network)) as EfficientNetSpec;
  const { stages } = publishedNetwork(name) as EfficientNetSpec;
  return { stages, specOf };
}

function readBlocks(text: string, options: SpaceMbconvOptions, style: LayerStyle) {
  if (NAME.test(text)) throw unknownNetwork(text);
  const { stem, head, innerDivisor } = options;
  const blocks = parseStages(text);
  const separable = separableLayer(options);
  const stages = separable && blocks[0]![0]!.operation !== 'ds' ? [[separable], ...blocks] : blocks;
  const ends = { stem: stem.channels, stemStride: stem.stride, head };
  const specOf: SpecOf = (network) => ({ ...style, innerDivisor, ...fitted(network), ...ends, stages });
  return { stages, specOf };
}

/** A word that is no block. */
const NAME = /^(?!(?:ir|ds)_)[\w.-]+$/;

function unknownNetwork(name: string): DnaError {
  const close = nearest(name, PUBLISHED_NETWORKS);
  return new DnaError(
    'ARCHITECTURE_TEXT',
    `There is no published network ${JSON.stringify(name)}, and it is no text of blocks either.`,
    close
      ? `Did you mean ${close}?`
      : `Known are ${PUBLISHED_NETWORKS.join(', ')}; blocks are written as ir_r2_k5_s2_e6_c24_se0.25 | ….`,
    { exitCode: 2 },
  );
}

/** What a network takes over from the data set and the training. */
function fitted({ image, classes, dropout, dropConnect }: NetworkOptions) {
  return { inputChannels: image.channels, classes, dropout, dropConnect };
}
