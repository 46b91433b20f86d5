import { requireNonNegative, type Schedule } from './schedule.js';

export interface WarmUpOptions {
  /** Length of the warm-up; 0 leaves the schedule as it is. */
  readonly epochs: number;
  /** Rate at epoch 0. @default 0 */
  readonly from?: number;
  /**
   * Whether the schedule starts counting when the warm-up ends. By default it counts from epoch 0 and the warm-up
   * hides its beginning, as in timm.
   * @default false
   */
  readonly shift?: boolean;
}

/** Rises in a line from `from` to the schedule's rate at its epoch 0, then follows the schedule. */
export function warmUp(schedule: Schedule, options: WarmUpOptions): Schedule {
  const { epochs, from = 0, shift = false } = options;
  requireNonNegative('epochs', epochs);
  requireNonNegative('from', from);
  return (epoch) => {
    if (epoch < epochs) return from + (schedule(0) - from) * (epoch / epochs);
    return schedule(shift ? epoch - epochs : epoch);
  };
}
