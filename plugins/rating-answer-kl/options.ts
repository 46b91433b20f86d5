import type { OptionsSchema } from 'dna-nas/core';

export interface RatingAnswerKlOptions {
  /** What the logits are divided by. @default 1 */
  readonly temperature: number;
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
  },
} satisfies OptionsSchema;
