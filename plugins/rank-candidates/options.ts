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
  /** Whether a prefix that candidates share is computed once. Does not change a rating. */
  readonly sharePrefixes: boolean;
}

export const rankCandidatesSchema: OptionsSchema = {
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
    sharePrefixes: {
      description: 'Whether a prefix that candidates share is computed once. Does not change a rating.',
      type: 'boolean',
      default: true,
    },
  },
};
