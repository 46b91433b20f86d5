/** What networks can be ordered by. A rating is better where it is lower, all others count as better where higher. */
export const PREDICTORS = ['rating', 'macs', 'params', 'depth', 'latency'] as const;
export type PredictorName = (typeof PREDICTORS)[number];
/** What any rating has to beat. */
export type BaselineName = Exclude<PredictorName, 'rating'>;

/** What an audit compares, an array each, of the same networks in the same order. Every network stands in it once. */
export interface Scores {
  /** The predictor that is audited; lower is better. */
  readonly rating: Float64Array;
  /** The rating of each block, whose sum is the rating; where it is known. */
  readonly blocks?: readonly Float64Array[] | undefined;
  /** What the networks are made of, the columns of `OperationFeatures`; where that is known. */
  readonly operations?: readonly Float64Array[] | undefined;
  /** Share of images, 0 to 1. */
  readonly accuracy: Float64Array;
  /** Accuracies by training seed, where several are known; each network's stand in no particular order. */
  readonly seeds: readonly Float64Array[];
  /** Multiply-adds, parameters, layers that compute something, and time, where they are known. */
  readonly costs: { readonly [Name in BaselineName]?: Float64Array } & {
    readonly macs: Float64Array;
    readonly params: Float64Array;
  };
}
