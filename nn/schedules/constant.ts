import { requireNonNegative, type Schedule } from './schedule.js';

/** The same rate throughout. */
export function constant(rate: number): Schedule {
  requireNonNegative('rate', rate);
  return () => rate;
}
