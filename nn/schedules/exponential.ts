import { requireNonNegative, requirePositive, type Schedule } from './schedule.js';

export interface ExponentialOptions {
  /** The rate at epoch 0. */
  readonly rate: number;
  /** What the rate is multiplied by over `every` epochs. */
  readonly factor: number;
  /** @default 1 */
  readonly every?: number;
}

/** `rate · factor^(epoch / every)`: falls smoothly, where `step` falls in stairs. */
export function exponential(options: ExponentialOptions): Schedule {
  const { rate, factor, every = 1 } = options;
  requireNonNegative('rate', rate);
  requirePositive('factor', factor);
  requirePositive('every', every);
  return (epoch) => rate * factor ** (epoch / every);
}
