/**
 * Learning-rate schedules: functions of the training's progress in **epochs**, fractions allowed
 * (`step / stepsPerEpoch`), so that one schedule serves any batch size. They hold no state.
 */
export { constant } from './constant.js';
export { cosine } from './cosine.js';
export { exponential } from './exponential.js';
export { perStep } from './per-step.js';
export { RATE_OPTIONS, type RateOptions, withWarmUp } from './rate-options.js';
export type { Schedule } from './schedule.js';
export { step } from './step.js';
export { warmUp } from './warm-up.js';
