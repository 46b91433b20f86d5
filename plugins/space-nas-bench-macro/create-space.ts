import type { Architecture, SearchSpace } from 'dna-nas/core/contracts';
import type { Module } from 'dna-nas/nn';
import { ClassifierHead, ConvolutionNorm, Identity, type LayerStyle, MBConv, Stem } from 'dna-nas/nn/layers';
import { type LayerShape, layeredSpace } from 'dna-nas/nn/space';
import { formatDigits, parseDigits } from './digits.js';
import { canonical, depth } from './equal-networks.js';
import { BLOCKS, OPERATIONS } from './table.js';

/** ReLU, and padding as PyTorch pads, in which the table's networks were trained. */
const STYLE: LayerStyle = { activation: 'relu', padding: 'symmetric' };
const STEM_CHANNELS = 32;
const HEAD_CHANNELS = 1280;

/** The space of NAS-Bench-Macro (Su et al., CVPR 2021, arXiv 2103.11922), its stem and head included. */
export function createSpace(): SearchSpace {
  return layeredSpace({
    name: 'nas-bench-macro',
    blocks: BLOCKS,
    operations: OPERATIONS.map(({ name }) => name),
    createOperation,
    createStem: (inputChannels) =>
      new Stem({ ...STYLE, inputChannels, outputChannels: STEM_CHANNELS, stride: 1 }),
    createHead: (inputChannels, head) =>
      new ClassifierHead({ ...STYLE, ...head, inputChannels, channels: HEAD_CHANNELS }),
    format: formatDigits,
    parse: (text) => parseDigits(text),
    canonical: (architecture: Architecture) => canonical(architecture),
    depth,
  });
}

function createOperation(name: string, shape: LayerShape): Module {
  const { mbConv } = OPERATIONS.find((operation) => operation.name === name)!;
  return mbConv ? new MBConv({ ...STYLE, ...shape, ...mbConv }) : createIdentity(shape);
}

/**
 * Nothing where the shape stays. A 1×1 convolution where it does not: of the stage's stride in its first layer, as in
 * the benchmark, and, in a supernet alone, from the stage's channels to the teacher's in a cell's last layer.
 */
function createIdentity({ stride, inputChannels, outputChannels }: LayerShape): Module {
  if (stride === 1 && inputChannels === outputChannels) return new Identity();
  const window = { kernel: 1, stride };
  return new ConvolutionNorm({ ...STYLE, ...window, activation: 'none', inputChannels, outputChannels });
}
