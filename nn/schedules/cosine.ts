import { requireNonNegative, requirePositive, type Schedule } from './schedule.js';

export interface CosineOptions {
  /** The rate at epoch 0. */
  readonly rate: number;
  /** Epochs until `final` is reached; it stays there afterwards. */
  readonly epochs: number;
  /** @default 0 */
  readonly final?: number;
}

/** Half a cosine wave from `rate` down to `final`. */
export function cosine(options: CosineOptions): Schedule {
  const { rate, epochs, final = 0 } = options;
  requireNonNegative('rate', rate);
  requirePositive('epochs', epochs);
  requireNonNegative('final', final);
  return (epoch) => {
    const progress = Math.min(Math.max(epoch / epochs, 0), 1);
    return final + (rate - final) * 0.5 * (1 + Math.cos(Math.PI * progress));
  };
}
