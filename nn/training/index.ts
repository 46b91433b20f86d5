export {
  type AccuracyRequest,
  type AccuracyTally,
  countCorrect,
  labelRanks,
  measureAccuracy,
  splitAccuracy,
} from './accuracy.js';
export { ClassifierTrainer, type ClassifierTraining } from './classifier-trainer.js';
export { drawMixingShare, type MixedBatch, mixUp } from './mixup.js';
export {
  type Accuracy,
  accuracyOf,
  type Prediction,
  type PredictOptions,
  predictSplit,
} from './predict-split.js';
export { wilsonInterval } from './wilson-interval.js';
