import type { Interval } from '../statistics/index.js';
import type { Audit } from './audit.js';
import type { BaselineName } from './scores.js';

/** Predictors as sentences call them. */
export const NAMES: Readonly<Record<BaselineName, string>> = {
  macs: 'multiply-adds',
  params: 'parameters',
  depth: 'depth',
  latency: 'latency',
};

/** One sentence: whether the rating orders better than the best baseline, and whether it does so at one size. */
export function verdictOf({ predictors, difference }: Omit<Audit, 'verdict'>): string {
  return `${againstBaseline(difference)}${atOneSize(predictors.rating)}.`;
}

function againstBaseline({ baseline, kendallTau, interval }: Audit['difference']): string {
  const name = NAMES[baseline];
  if (kendallTau === null || !interval)
    return `The rating cannot be compared with ${name}, which are all equal`;
  const figures = `difference of their taus ${signed(kendallTau)}, 95 % interval ${signed(interval[0])} to ${signed(interval[1])}`;
  if (interval[0] > 0) return `The rating ranks better than ${name}, the best baseline (${figures})`;
  if (interval[1] < 0) return `The rating ranks worse than ${name}, the best baseline (${figures})`;
  return `Between the rating and ${name}, the best baseline, there is no difference that this truth can show (${figures})`;
}

function atOneSize({ sizeMatchedTau, sizeMatchedInterval }: Audit['predictors']['rating']): string {
  if (sizeMatchedTau === null || !sizeMatchedInterval)
    return '; no two networks are near enough in size to tell more';
  const figures = `${signed(sizeMatchedTau)}, ${signed(sizeMatchedInterval[0])} to ${signed(sizeMatchedInterval[1])}`;
  if (holdsZero(sizeMatchedInterval))
    return `; among networks of one size it ranks no better than chance, as far as this truth can show (tau ${figures})`;
  const how = sizeMatchedTau > 0 ? 'ranks better than chance too' : 'ranks them the wrong way round';
  return `; among networks of one size it ${how} (tau ${figures})`;
}

function holdsZero(interval: NonNullable<Interval>): boolean {
  return interval[0] <= 0 && interval[1] >= 0;
}

/** Three decimals, the sign always shown. */
function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
