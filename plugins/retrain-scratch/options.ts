import type { OptionsSchema } from 'dna-nas/core';
import { RECIPES, type RecipeName } from './recipes.js';

/** Values of `from` that are no file. */
export const SCRATCH = 'scratch';
export const INHERITED = 'inherited';
export const SLICED = 'sliced';

/** Whether a training starts from cells that a search has trained. */
export function isFromCells(from: string): boolean {
  return from === INHERITED || from === SLICED;
}

export interface RetrainScratchOptions {
  /** Bundle of settings whose values stand for everything that is not set on its own. */
  readonly recipe?: RecipeName;
  /** `scratch`, `inherited`, `sliced`, or a file of weights relative to the project. */
  readonly from: string;
  /** Passes over the training images; a fraction is allowed. */
  readonly epochs: number;
  /** Images of one optimiser step. */
  readonly batch: number;
  /** Images of one forward and backward pass; 0: the whole batch. */
  readonly microBatch: number;
  /** `all`: the images that were held out for rating are trained on as well. */
  readonly images: 'train' | 'all';
  readonly augment: boolean;
  /** `logits`: what the teacher answers to an image is learnt in place of its label. */
  readonly distill: 'none' | 'logits';
  readonly labelSmoothing: number;
  /** Alpha of mixup; 0: none. */
  readonly mixup: number;
  readonly dropout: number;
  readonly dropConnect: number;
  /** Decay of the moving average of the weights, which is then what is measured and saved; 0: none is kept. */
  readonly movingAverage: number;
  readonly movingAverageWarmUp: boolean;
  /** Absent: as in the space. */
  readonly batchNormMomentum?: number;
  readonly batchNormEpsilon?: number;
  /** Epochs between two measurements on the test split; 0: only at the end. */
  readonly evaluateEvery: number;
  /** Images of a batch when accuracy is measured. */
  readonly evaluationBatch: number;
  /** Multipliers of channels and of layers that the networks are trained at, as EfficientNets are scaled. */
  readonly scale?: { readonly width: number; readonly depth: number };
  /** Which networks are trained: the found one, and a random one of its cost to hold it against. */
  readonly networks: readonly ('found' | 'random')[];
  /** Random networks to train, where `networks` has any. */
  readonly randomNetworks: number;
}

const rate = (description: string, fallback: number) => ({
  description,
  type: 'number',
  minimum: 0,
  exclusiveMaximum: 1,
  default: fallback,
});

export const retrainScratchSchema: OptionsSchema<RetrainScratchOptions> = {
  properties: {
    recipe: {
      description: 'Bundle of settings, from the paper or its code; everything can still be set on its own.',
      enum: Object.keys(RECIPES),
    },
    from: {
      description:
        'What training starts from: drawn weights (scratch), the weights of the trained cells and the teacher’s head ' +
        '(inherited), the same cut and fitted to the channels of the network (sliced), or a file of weights of the ' +
        'same network, whose classifier is drawn anew for other classes.',
      type: 'string',
      minLength: 1,
      default: SCRATCH,
    },
    epochs: {
      description: 'Passes over the training images; a fraction is allowed.',
      type: 'number',
      exclusiveMinimum: 0,
      default: 500,
    },
    batch: { description: 'Images of one optimiser step.', type: 'integer', minimum: 1, default: 128 },
    microBatch: {
      description:
        'Images of one forward and backward pass, of which a batch has several; 0: the whole batch.',
      type: 'integer',
      minimum: 0,
      default: 0,
    },
    images: {
      description:
        'Images that are trained on: those of the training split (train), or also those that were held out of it ' +
        'for rating (all).',
      enum: ['train', 'all'],
      default: 'train',
    },
    augment: { description: 'Whether training images are augmented.', type: 'boolean', default: true },
    distill: {
      description:
        'What is learnt: the labels (none), or what the teacher answers to each image as the network sees it (logits).',
      enum: ['none', 'logits'],
      default: 'none',
    },
    labelSmoothing: rate('Share of the target that is spread over all classes; of labels alone.', 0.1),
    mixup: {
      description: 'Alpha of mixup, which blends images and labels in pairs; 0: none.',
      type: 'number',
      minimum: 0,
      default: 0,
    },
    dropout: rate('Rate of dropout before the classifier.', 0.2),
    dropConnect: rate("Rate at which the last layer's residual branch is dropped; earlier layers less.", 0.2),
    movingAverage: rate(
      "Decay of the weights' moving average, which is measured and saved; 0: none is kept.",
      0,
    ),
    movingAverageWarmUp: {
      description: 'Whether the decay of the moving average starts small: (1 + n)/(10 + n) at step n.',
      type: 'boolean',
      default: true,
    },
    batchNormMomentum: {
      description: "Share of a batch in batch norm's running statistics; by default as in the space.",
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
    },
    batchNormEpsilon: {
      description: 'Added to the variance in batch norm; by default as in the space.',
      type: 'number',
      exclusiveMinimum: 0,
    },
    evaluateEvery: {
      description: 'Epochs between two measurements on the test split; 0: only at the end.',
      type: 'integer',
      minimum: 0,
      default: 1,
    },
    evaluationBatch: {
      description: 'Images of a batch when accuracy is measured.',
      type: 'integer',
      minimum: 1,
      default: 200,
    },
    scale: {
      description: 'Multipliers that networks are trained at, as EfficientNets are scaled: width, depth.',
      type: 'object',
      additionalProperties: false,
      required: ['width', 'depth'],
      properties: {
        width: { description: 'Of the channels.', type: 'number', exclusiveMinimum: 0 },
        depth: { description: 'Of the layers of each stage.', type: 'number', exclusiveMinimum: 0 },
      },
    },
    networks: {
      description: 'Networks to train: the found one, and a random one of its cost to hold it against.',
      type: 'array',
      items: { enum: ['found', 'random'] },
      uniqueItems: true,
      default: ['found', 'random'],
    },
    randomNetworks: {
      description: 'Random networks to train where any is: several show their spread.',
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 1,
    },
  },
};
