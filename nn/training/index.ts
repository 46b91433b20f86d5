export { countCorrect, type SplitAccuracyOptions, splitAccuracy } from './accuracy.js';
export { ClassifierTrainer, type ClassifierTraining } from './classifier-trainer.js';
export {
  type Accuracy,
  accuracyOf,
  type Prediction,
  type PredictOptions,
  predictSplit,
} from './predict-split.js';
export { wilsonInterval } from './wilson-interval.js';
