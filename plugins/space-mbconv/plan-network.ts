import type { NetworkOptions } from 'dna-nas/core';
import {
  EfficientNet,
  type EfficientNetSpec,
  type LayerStyle,
  PUBLISHED_NETWORKS,
  publishedNetwork,
} from 'dna-nas/nn';
import { formatLayers, separableLayer } from './layers.js';
import type { SpaceMbconvOptions } from './options.js';
import { parseStages } from './parse-architecture.js';

/**
 * Reads a network that need not be in the space: a published one by name, with its own stem, head and padding, or
 * blocks in timm's notation between the space's stem and head. Throws a `DnaError` where the text is neither.
 */
export function planNetwork(text: string, options: SpaceMbconvOptions, style: LayerStyle) {
  if (PUBLISHED_NETWORKS.includes(text)) {
    const create = (network: NetworkOptions) =>
      new EfficientNet(publishedNetwork(text, fitted(network)) as EfficientNetSpec);
    const { stages } = publishedNetwork(text) as EfficientNetSpec;
    return { text: formatLayers(stages), create };
  }
  const { stem, head } = options;
  const blocks = parseStages(text);
  const separable = separableLayer(options);
  const stages = separable && blocks[0]![0]!.operation !== 'ds' ? [[separable], ...blocks] : blocks;
  const create = (network: NetworkOptions) =>
    new EfficientNet({
      ...style,
      ...fitted(network),
      stem: stem.channels,
      stemStride: stem.stride,
      stages,
      head,
    });
  return { text: formatLayers(stages), create };
}

/** What a network takes over from the data set and the training. */
function fitted({ image, classes, dropout, dropConnect }: NetworkOptions) {
  return { inputChannels: image.channels, classes, dropout, dropConnect };
}
