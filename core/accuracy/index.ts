/** Accuracies on test images: which were right, intervals of shares, and how two networks differ on the same images. */
export { compareMeasured, type MeasuredImages } from './compare-measured.js';
export { appendBits, readBits } from './image-bits.js';
export { type PairedCounts, pairedInterval } from './paired-interval.js';
export { type StandingDifference, standingInterval } from './standing-interval.js';
export { wilsonInterval } from './wilson-interval.js';
