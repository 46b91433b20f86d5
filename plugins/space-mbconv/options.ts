import type { OptionsSchema } from 'dna-nas/core';
import type { Activation } from 'dna-nas/nn/kernels';
import type { PaddingStyle } from 'dna-nas/nn/layers';

/** One block of the space: stride of its first layer and the cells that compete for it. */
export interface MBConvBlock {
  readonly stride: number;
  readonly cells: readonly { readonly layers: number; readonly channels: number }[];
}

/** Options of space-mbconv; the defaults are the paper's 16 cells. */
export interface SpaceMbconvOptions {
  /** Extents of the depthwise filters to choose from. @default [3, 5, 7] */
  readonly kernels: readonly number[];
  /** Expansions to choose from. @default [3, 6] */
  readonly expansions: readonly number[];
  /** Channels inside a layer are rounded to a multiple of it. @default 1 */
  readonly innerDivisor?: number;
  /** Squeezed channels as a share of a layer's input channels; 0 for none. @default 0.25 */
  readonly squeezeExcite: number;
  /** @default 'swish' */
  readonly activation: Activation;
  /** @default 'same' */
  readonly padding: PaddingStyle;
  /** @default 0.1 */
  readonly batchNormMomentum: number;
  /** @default 1e-5 */
  readonly batchNormEpsilon: number;
  /** `separable`: channels of the depthwise-separable layer behind the stem; 0 for none. */
  readonly stem: { readonly channels: number; readonly stride: number; readonly separable: number };
  readonly blocks: readonly MBConvBlock[];
  /**
   * Channels behind each block: those of its cell (`own`), the teacher's, which a run's configuration is resolved to, or
   * one number a block. @default 'own'
   */
  readonly borders?: 'own' | 'teacher' | readonly number[];
  /** Channels of the head's 1×1 convolution. @default 1280 */
  readonly head: number;
}

function block(stride: number, ...cells: readonly (readonly [layers: number, channels: number])[]) {
  return { stride, cells: cells.map(([layers, channels]) => ({ layers, channels })) };
}

/** Section 4.1 of the paper: six blocks, 16 cells of layers × channels. */
const PAPER_BLOCKS = [
  block(2, [2, 24], [3, 24], [2, 32]),
  block(2, [2, 40], [3, 40], [4, 40]),
  block(2, [2, 80], [3, 80], [4, 80]),
  block(1, [3, 112], [4, 112], [4, 96]),
  block(2, [4, 192], [5, 192], [5, 160]),
  block(1, [1, 320]),
];

const COUNT = { type: 'integer', minimum: 1 };

const CELL = {
  type: 'object',
  additionalProperties: false,
  required: ['layers', 'channels'],
  properties: {
    layers: { description: 'Number of layers.', ...COUNT },
    channels: { description: 'Output channels of every layer.', ...COUNT },
  },
};

const BLOCK = {
  type: 'object',
  additionalProperties: false,
  required: ['stride', 'cells'],
  properties: {
    stride: { description: 'Stride of the block’s first layer.', ...COUNT },
    cells: { description: 'The cells that compete for the block.', type: 'array', minItems: 1, items: CELL },
  },
};

const STEM = {
  type: 'object',
  additionalProperties: false,
  properties: {
    channels: { description: 'Output channels of the first convolution.', ...COUNT, default: 32 },
    stride: { description: 'Stride of the first convolution.', ...COUNT, default: 2 },
    separable: {
      description: 'Channels of the depthwise-separable layer behind it; 0 for none.',
      type: 'integer',
      minimum: 0,
      default: 16,
    },
  },
};

export const OPTIONS = {
  properties: {
    kernels: {
      description: 'Extents of the depthwise filters to choose from.',
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'integer', minimum: 1, not: { multipleOf: 2 } },
      default: [3, 5, 7],
    },
    expansions: {
      description: 'Expansions to choose from: channels inside a layer as a multiple of its input’s.',
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'number', exclusiveMinimum: 0 },
      default: [3, 6],
    },
    innerDivisor: {
      description:
        'Channels inside a layer are rounded to a multiple of it (default: 1); 8 as timm, which cannot load others.',
      ...COUNT,
    },
    squeezeExcite: {
      description:
        'Squeezed channels as a share of a layer’s input channels; 0 for no squeeze-and-excitation.',
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.25,
    },
    activation: {
      description: 'Activation of every layer.',
      enum: ['swish', 'relu', 'relu6'],
      default: 'swish',
    },
    padding: {
      description: '`same` as TensorFlow pads, `symmetric` as PyTorch.',
      enum: ['same', 'symmetric'],
      default: 'same',
    },
    batchNormMomentum: {
      description: 'Share of a batch in the running statistics.',
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.1,
    },
    batchNormEpsilon: {
      description: 'Added to the variance in batch norm.',
      type: 'number',
      exclusiveMinimum: 0,
      default: 1e-5,
    },
    stem: {
      description: 'What stands before the first block and belongs to it.',
      default: { channels: 32, stride: 2, separable: 16 },
      ...STEM,
    },
    blocks: {
      description: 'The blocks, each with its first layer’s stride and its cells of layers × channels.',
      type: 'array',
      minItems: 1,
      items: BLOCK,
      default: PAPER_BLOCKS,
    },
    borders: {
      description:
        'Channels behind each block: of the cell that is chosen (own, the default), of the teacher, so that the weights ' +
        'of trained cells fit (teacher), or one number a block.',
      anyOf: [{ enum: ['own', 'teacher'] }, { type: 'array', minItems: 1, items: COUNT }],
    },
    head: { description: 'Channels of the head’s 1×1 convolution.', ...COUNT, default: 1280 },
  },
} satisfies OptionsSchema<SpaceMbconvOptions>;
