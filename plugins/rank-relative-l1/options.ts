import type { OptionsSchema } from 'dna-nas/core';

export interface RankRelativeL1Options {
  /** Images of a batch. */
  readonly batch: number;
  /** Batches of the validation split that rate. */
  readonly batches: number;
  /** Whether a prefix that candidates share is computed once. Does not change a rating. */
  readonly sharePrefixes: boolean;
}

export const rankRelativeL1Schema: OptionsSchema = {
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
    sharePrefixes: {
      description: 'Whether a prefix that candidates share is computed once. Does not change a rating.',
      type: 'boolean',
      default: true,
    },
  },
};
