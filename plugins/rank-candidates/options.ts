import type { OptionsSchema } from 'dna-nas/core';

export interface RankCandidatesOptions {
  /** Images of a batch. */
  readonly batch: number;
  /** Batches of the validation split that rate. */
  readonly batches: number;
  /** Batches that the batch-norm statistics of each path are recomputed from; 0 keeps those of the training. */
  readonly calibrationBatches: number;
  /** Where those batches come from. */
  readonly calibrationSplit: 'train' | 'validation';
  /** Whether those batches are augmented, as they are for the distillation. */
  readonly calibrationAugment: boolean;
  /** Whether a prefix that candidates share is computed once. Does not change a rating. */
  readonly sharePrefixes: boolean;
  /** Steps by which each candidate is trained in the place of the teacher's block before it is rated. */
  readonly fineTuneSteps: number;
  /** Adam's learning rate in the first of these steps; a cosine takes it to 0. */
  readonly fineTuneLearningRate: number;
}

export const rankCandidatesSchema: OptionsSchema<RankCandidatesOptions> = {
  properties: {
    batch: {
      description: 'Images of a batch, for calibration and rating.',
      type: 'integer',
      minimum: 1,
      default: 64,
    },
    batches: {
      description: 'Batches of the validation split that rate a candidate.',
      type: 'integer',
      minimum: 1,
      default: 20,
    },
    calibrationBatches: {
      description:
        'Batches that the batch-norm statistics of each path are recomputed from; 0 keeps those of the training.',
      type: 'integer',
      minimum: 0,
      default: 1,
    },
    calibrationSplit: {
      description: 'Split that the calibration batches are drawn from.',
      enum: ['train', 'validation'],
      default: 'train',
    },
    calibrationAugment: {
      description: 'Whether the calibration batches are augmented, as training images are.',
      type: 'boolean',
      default: false,
    },
    sharePrefixes: {
      description: 'Whether a prefix that candidates share is computed once. Does not change a rating.',
      type: 'boolean',
      default: true,
    },
    fineTuneSteps: {
      description:
        'Steps by which each candidate is trained in the place of the teacher’s block, the rest of the teacher with ' +
        'it, before it is rated. For ratings of answers.',
      type: 'integer',
      minimum: 0,
      default: 0,
    },
    fineTuneLearningRate: {
      description: 'Adam’s learning rate in the first of these steps; a cosine takes it to 0.',
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.001,
    },
  },
};
