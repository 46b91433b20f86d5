import type { OptionsSchema } from 'dna-nas/core';

export interface RetrainScratchOptions {
  /** Passes over the training images; a fraction is allowed. */
  readonly epochs: number;
  readonly batch: number;
  readonly augment: boolean;
  readonly labelSmoothing: number;
  readonly dropout: number;
  readonly dropConnect: number;
  /** Decay of the moving average of the weights, which is then what is measured and saved; 0: none is kept. */
  readonly movingAverage: number;
  /** Images of a batch when accuracy is measured. */
  readonly evaluationBatch: number;
  /** Which networks are trained: the found one, and a random one of its cost to hold it against. */
  readonly networks: readonly ('found' | 'random')[];
}

const rate = (description: string, fallback: number) => ({
  description,
  type: 'number',
  minimum: 0,
  exclusiveMaximum: 1,
  default: fallback,
});

export const retrainScratchSchema: OptionsSchema = {
  properties: {
    epochs: {
      description: 'Passes over the training images; a fraction is allowed.',
      type: 'number',
      exclusiveMinimum: 0,
      default: 500,
    },
    batch: { description: 'Images of one step.', type: 'integer', minimum: 1, default: 128 },
    augment: { description: 'Whether training images are augmented.', type: 'boolean', default: true },
    labelSmoothing: rate('Share of the target that is spread over all classes.', 0.1),
    dropout: rate('Rate of dropout before the classifier.', 0.2),
    dropConnect: rate("Rate at which the last layer's residual branch is dropped; earlier layers less.", 0.2),
    movingAverage: rate(
      "Decay of the weights' moving average, which is measured and saved; 0: none is kept.",
      0,
    ),
    evaluationBatch: {
      description: 'Images of a batch when accuracy is measured.',
      type: 'integer',
      minimum: 1,
      default: 200,
    },
    networks: {
      description: 'Networks to train: the found one, and a random one of its cost to hold it against.',
      type: 'array',
      items: { enum: ['found', 'random'] },
      uniqueItems: true,
      default: ['found', 'random'],
    },
  },
};
