export { countCorrect, type SplitAccuracyOptions, splitAccuracy } from './accuracy.js';
export { ClassifierTrainer, type ClassifierTraining } from './classifier-trainer.js';
