import type { Architecture, NetworkOptions, SearchSpace } from 'dna-nas/core/contracts';
import {
  ClassifierHead,
  DepthwiseSeparable,
  type LayerStyle,
  MBConv,
  Sequential,
  Stem,
} from 'dna-nas/nn/layers';
import { EfficientNet, type LayerSpec } from 'dna-nas/nn/networks';
import { type LayeredBlock, type LayerShape, layeredSpace } from 'dna-nas/nn/space';
import { wrongBorders } from './errors.js';
import {
  architectureLayers,
  bordersOf,
  formatLayers,
  operationNames,
  parseOperation,
  separableLayer,
} from './layers.js';
import type { SpaceMbconvOptions } from './options.js';
import { parseArchitecture } from './parse-architecture.js';
import { planNetwork } from './plan-network.js';
import { scaleText } from './scale-text.js';

/** The space of the given table. Its networks are EfficientNets, with timm's names and notation. */
export function createSpace(options: SpaceMbconvOptions): SearchSpace {
  const { stem, head, squeezeExcite, innerDivisor } = options;
  const style: LayerStyle = {
    activation: options.activation,
    padding: options.padding,
    batchNorm: { momentum: options.batchNormMomentum, epsilon: options.batchNormEpsilon },
  };
  return layeredSpace({
    name: 'mbconv',
    blocks: withBorders(options),
    operations: operationNames(options),
    createOperation: (operation: string, shape: LayerShape) =>
      new MBConv({ ...style, innerDivisor, ...shape, ...parseOperation(operation), squeezeExcite }),
    createStem: (inputChannels) => createStem(inputChannels, options, style),
    createHead: (inputChannels, { classes, dropout }) =>
      new ClassifierHead({ ...style, inputChannels, channels: head, classes, dropout }),
    createNetwork: (architecture: Architecture, network: NetworkOptions) =>
      new EfficientNet({
        ...style,
        innerDivisor,
        inputChannels: network.image.channels,
        stem: stem.channels,
        stemStride: stem.stride,
        stages: architectureLayers(options, architecture),
        head,
        classes: network.classes,
        dropout: network.dropout,
        dropConnect: network.dropConnect,
      }),
    format: (architecture) => formatLayers(architectureLayers(options, architecture)),
    parse: (text) => parseArchitecture(options, text),
    plan: (text) => planNetwork(text, options, style),
    scaleText,
  });
}

/** @throws DnaError `SPACE_TABLE` unless there is one border a block */
function withBorders({ blocks, borders }: SpaceMbconvOptions): readonly LayeredBlock[] {
  const outputs = bordersOf(borders);
  if (!outputs) return blocks;
  if (outputs.length !== blocks.length) throw wrongBorders(outputs, blocks.length);
  return blocks.map((block, index) => ({ ...block, output: outputs[index]! }));
}

function createStem(inputChannels: number, options: SpaceMbconvOptions, style: LayerStyle) {
  const { channels, stride } = options.stem;
  const first = new Stem({ ...style, inputChannels, outputChannels: channels, stride });
  const separable: LayerSpec | undefined = separableLayer(options);
  if (!separable) return first;
  const { kernel, squeezeExcite, channels: outputChannels } = separable;
  const shape = { inputChannels: channels, outputChannels, kernel, squeezeExcite };
  return new Sequential([first, new DepthwiseSeparable({ ...style, ...shape })]);
}
