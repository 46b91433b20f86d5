import type { Fit } from '../fit/fit-scores.js';
import type { Interval } from '../statistics/index.js';
import type { LimitedPick } from './limited-pick.js';
import type { BaselineName, PredictorName } from './scores.js';

/** How well one predictor orders the networks. Intervals: 95 %, over networks; `seedInterval`: over training seeds. */
export interface PredictorAudit {
  /** Tau-b with the accuracy; null where it has no value, as all are equal. */
  readonly kendallTau: number | null;
  readonly interval: Interval;
  readonly seedInterval?: Interval;
  /** Spearman's rho with the accuracy. */
  readonly spearman: number | null;
  readonly spearmanInterval: Interval;
  readonly spearmanSeedInterval?: Interval;
  /** By the number of networks that are picked: the best accuracy of all less the best of these. */
  readonly regret: Readonly<Record<Picks, Regret>>;
  /** Tau-a among pairs whose multiply-adds differ by at most 5 % of the larger. */
  readonly sizeMatchedTau: number | null;
  readonly sizeMatchedInterval: Interval;
  readonly sizeMatchedSeedInterval?: Interval;
}

/** Numbers of networks that a predictor may pick. */
export const PICKS = [1, 10] as const;
export type Picks = (typeof PICKS)[number];

export interface Regret {
  /** Percentage points. */
  readonly points: number;
  readonly interval: Interval;
  readonly seedInterval?: Interval;
}

/** Kendall's partial tau of the rating and the accuracy, with the multiply-adds or the parameters held still. */
export interface ConditionalTau {
  readonly macs: number | null;
  readonly params: number | null;
}

/** What an audit found. Plain data. */
export interface Audit {
  /** Networks. */
  readonly n: number;
  readonly predictors: { readonly rating: PredictorAudit } & Readonly<
    Partial<Record<PredictorName, PredictorAudit>>
  >;
  readonly conditionalTau: ConditionalTau;
  readonly conditionalIntervals: Readonly<Record<keyof ConditionalTau, Interval>>;
  readonly conditionalSeedIntervals?: Readonly<Record<keyof ConditionalTau, Interval>>;
  /** The rating's tau less that of the baseline with the highest. */
  readonly difference: {
    readonly baseline: BaselineName;
    readonly kendallTau: number | null;
    readonly interval: Interval;
    readonly seedInterval?: Interval;
  };
  /** Tau of one seed's accuracies with the mean of the others', the mean over all seeds; null with fewer than two. */
  readonly ceiling: number | null;
  readonly ceilingInterval: Interval;
  /** Pairs of networks of nearly one size. */
  readonly sizeMatchedPairs: number;
  /** Resamples in which these were compared: fewer than the others where there are very many. */
  readonly sizeMatchedResamples: number;
  /** Training seeds of each network. */
  readonly seeds: number;
  /** Of networks, and as many of seeds. */
  readonly resamples: number;
  /** Of the resampling. */
  readonly seed: number;
  /** What few trained networks make of the ratings of blocks, where that was asked for. */
  readonly fits?: readonly Fit[];
  /** What a search within limits takes, where limits were given. */
  readonly pick?: LimitedPick;
  /** One sentence. */
  readonly verdict: string;
}
