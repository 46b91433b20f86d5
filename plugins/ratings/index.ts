/** Ratings: how far a candidate is from the teacher, so that candidates of all blocks compare. */
export { type RatingAnswerKlOptions, ratingAnswerKl } from './answer-kl.js';
export { ratingL1Mean } from './l1-mean.js';
export { ratingMseVariance } from './mse-variance.js';
export { ratingRelativeL1 } from './relative-l1.js';
export { ratingRmseDeviation } from './rmse-deviation.js';
