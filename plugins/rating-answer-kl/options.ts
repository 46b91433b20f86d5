import type { OptionsSchema } from 'dna-nas/core';
import type { BatchNormStatistics } from 'dna-nas/core/contracts';

export interface RatingAnswerKlOptions {
  /** What the logits are divided by. @default 1 */
  readonly temperature: number;
  /** What the teacher's batch norms behind the candidate normalise by. @default 'batch' */
  readonly statistics: BatchNormStatistics;
}

export const OPTIONS = {
  properties: {
    temperature: {
      description:
        'What the logits are divided by before the softmax; above 1, unlikely classes count for more.',
      type: 'number',
      exclusiveMinimum: 0,
      default: 1,
    },
    statistics: {
      description:
        '`batch`: the teacher’s batch norms behind the candidate normalise by the batch that rates; `running`: by ' +
        'what the teacher was trained to.',
      enum: ['batch', 'running'],
      default: 'batch',
    },
  },
} satisfies OptionsSchema<RatingAnswerKlOptions>;
