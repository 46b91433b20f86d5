/**
 * Accuracies and their intervals: of shares of test images, of two networks on the same images, of several seeds; and what
 * a network told of test images.
 */
export type { ClassAnswers, ClassConfusion, ImageAnswer } from './class-answers.js';
export { compareMeasured, type MeasuredImages } from './compare-measured.js';
export { type Estimate, estimate, studentT95 } from './estimate.js';
export { appendBits, readBits } from './image-bits.js';
export { type PairedCounts, pairedInterval } from './paired-interval.js';
export { type StandingDifference, standingInterval } from './standing-interval.js';
export { wilsonInterval } from './wilson-interval.js';
