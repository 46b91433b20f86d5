/** Optimisers, gradients and their means, and moving averages of weights. */
export { type AdamOptions, adam } from './adam.js';
export { GradientMean } from './gradient-mean.js';
export { disposeGradients, gradients, type LossGradients } from './gradients.js';
export { MovingAverage, type MovingAverageOptions } from './moving-average.js';
export { withRateFactors } from './rate-factors.js';
export { type Pass, RecordedGradients, type RepeatableLoss } from './recorded-gradients.js';
export { type RmspropOptions, rmspropTensorFlow } from './rmsprop-tensorflow.js';
export { type SgdOptions, sgd } from './sgd.js';
