import { definePlugin } from 'dna-nas/core';
import { answerDivergence } from './answer-divergence.js';
import { OPTIONS, type RatingAnswerKlOptions } from './options.js';

export type { RatingAnswerKlOptions };

/**
 * How far the teacher's answer moves where the candidate stands in the place of its block: the replace-one-block score
 * of Puzzle (Bercovich et al. 2024, arXiv 2411.19146).
 */
export const ratingAnswerKl = definePlugin<RatingAnswerKlOptions>({
  name: 'rating-answer-kl',
  module: 'dna-nas/plugins/rating-answer-kl',
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
