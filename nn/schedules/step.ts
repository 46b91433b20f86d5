import { requireNonNegative, requirePositive, type Schedule } from './schedule.js';

export interface StepOptions {
  /** The rate before the first drop. */
  readonly rate: number;
  /** Epochs between drops; fractions such as 2.4 are allowed. */
  readonly every: number;
  /** What each drop multiplies the rate by. */
  readonly factor: number;
}

// 7.2 / 2.4 must count as three whole intervals whichever way it rounds.
const ROUNDING = 1e-9;

/** `rate · factor^⌊epoch / every⌋`. */
export function step(options: StepOptions): Schedule {
  const { rate, every, factor } = options;
  requireNonNegative('rate', rate);
  requirePositive('every', every);
  requirePositive('factor', factor);
  return (epoch) => rate * factor ** Math.floor(epoch / every + ROUNDING);
}
