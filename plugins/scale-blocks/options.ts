import type { OptionsSchema } from 'dna-nas/core';

export interface ScaleBlocksOptions {
  /**
   * What stands for a candidate's rating: itself, its logarithm, the logarithm of 1 and what it is worse than the best
   * of its block (over the mean of that, over all blocks), or its rank among the candidates of its block.
   */
  readonly values: 'plain' | 'log' | 'log-excess' | 'ranks';
  /** One a block; what is added up is a block's value times its weight. @default 1 each */
  readonly weights: readonly number[];
  /** CSV of networks with accuracies, relative to the project, to which ratings are fitted. */
  readonly truth?: string;
}

export const OPTIONS: OptionsSchema<ScaleBlocksOptions> = {
  properties: {
    values: {
      description:
        'What is added up: ratings as they are (plain), their logarithms (log), logarithms of 1 and what they are ' +
        'worse than the best of their block (log-excess), or ranks within a block (ranks).',
      enum: ['plain', 'log', 'log-excess', 'ranks'],
      default: 'plain',
    },
    weights: {
      description: 'One a block, from 0; empty: 1 each.',
      type: 'array',
      items: { type: 'number', minimum: 0 },
      default: [],
    },
    truth: {
      description:
        'CSV of trained networks, as `dna truth` makes it: ratings are fitted to the ranks of their accuracies.',
      type: 'string',
      minLength: 1,
    },
  },
};
