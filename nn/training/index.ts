/** Training of classifiers: orders of images, batches read ahead, accuracies. */
export {
  type AccuraciesRequest,
  type AccuracyRequest,
  type AccuracyTally,
  labelRanks,
  type MeasurableImages,
  type MeasuredAccuracy,
  measureAccuracies,
  measureAccuracy,
  splitAccuracy,
} from './accuracy.js';
export {
  type ClassCounts,
  classAnswers,
  type UnbalancedAccuracy,
  unbalancedAccuracy,
} from './class-counts.js';
export { ClassifierTrainer, type ClassifierTraining } from './classifier-trainer.js';
export { BatchOrder } from './data-order.js';
export { limitImages, spreadEvenly } from './even-choice.js';
export { EventLoopTurns } from './event-loop-turns.js';
export { requireFiniteLoss, requireFiniteState, type Trained } from './finite.js';
export { KeptStatistics } from './kept-statistics.js';
export { drawMixingShare, type MixedBatch, mixUp } from './mixup.js';
export { errorInTask, type TaskAtWork } from './out-of-memory.js';
export { PerImagePass, type PerImagePassOptions } from './per-image-pass.js';
export {
  accuracyOf,
  type Prediction,
  type PredictionAccuracy,
  type PredictOptions,
  predictSplit,
} from './predict-split.js';
export { ReadAhead, type ReadAheadOptions } from './read-ahead.js';
export { batchTooLarge } from './training-errors.js';
