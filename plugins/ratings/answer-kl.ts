import { definePlugin, type OptionsSchema } from 'dna-nas/core';
import type { BatchNormStatistics } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';

export interface RatingAnswerKlOptions {
  /** What the logits are divided by. @default 1 */
  readonly temperature: number;
  /** What the teacher's batch norms behind the candidate normalise by. @default 'batch' */
  readonly statistics: BatchNormStatistics;
}

const OPTIONS = {
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

/**
 * How far the teacher's answer moves where the candidate stands in the place of its block: the replace-one-block score
 * of Puzzle (Bercovich et al. 2024, arXiv 2411.19146).
 */
export const ratingAnswerKl = definePlugin<RatingAnswerKlOptions>({
  name: 'rating-answer-kl',
  module: 'dna-nas/plugins/ratings',
  export: 'ratingAnswerKl',
  description:
    "The Kullback-Leibler divergence of the teacher's answer behind the candidate from its own, in nats.",
  options: OPTIONS,
  apply(run, { temperature, statistics }) {
    run.hooks.resolveRating.tap('rating-answer-kl', () => ({
      name: 'rating-answer-kl',
      compares: 'answers',
      statistics,
      compute: (student, teacher) => answerDivergence(student, teacher, temperature),
    }));
  },
});

/**
 * Mean over images of KL(p ‖ q) = Σ p · (log p − log q) in nats, where p and q are softmax(teacher / temperature) and
 * softmax(student / temperature): logits [n, classes] twice → [].
 * @throws RangeError if they are no logits of one shape: a ranking that gives feature maps whatever the rating compares.
 */
export function answerDivergence(student: tf.Tensor, teacher: tf.Tensor, temperature: number): tf.Scalar {
  if (teacher.rank !== 2 || student.shape.join() !== teacher.shape.join()) {
    throw new RangeError(
      `rating-answer-kl: logits [n, classes] of one shape were expected, not [${student.shape}] and [${teacher.shape}].`,
    );
  }
  return tf.tidy(() => {
    const [own, behind] = [teacher, student].map((logits) => tf.logSoftmax(tf.div(logits, temperature)));
    return tf.mean(tf.sum(tf.mul(tf.exp(own!), tf.sub(own!, behind!)), -1));
  });
}
