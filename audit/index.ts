/** What ratings are worth: how well they order networks of known accuracy, and fits of ratings to truth. */
export { calibrateRatings, type TrainedNetworks } from './fit/calibrate-ratings.js';
export {
  averageByEvidence,
  type Columns,
  type Hypothesis,
  type Prior,
  type Regression,
} from './fit/evidence.js';
export { type Fit, type FitOptions, type FittedName, type FittedTau, fitScores } from './fit/fit-scores.js';
export { type AuditedRun, type AuditRequest, audit } from './run/audit.js';
export { auditRun } from './run/audit-run.js';
export { RatedArchitectures } from './run/rated-architectures.js';
export { type RunScoresRequest, readRunScores } from './run/read-run-scores.js';
export type { Audit, ConditionalTau, Picks, PredictorAudit, Regret } from './scores/audit.js';
export { type AuditOptions, auditScores, usualResamples } from './scores/audit-scores.js';
export { checkedOptions } from './scores/checked-options.js';
export type { LimitedPick, Limits, NearNetworks } from './scores/limited-pick.js';
export type { BaselineName, PredictorName, Scores } from './scores/scores.js';
export { NAMES } from './scores/verdict.js';
export { centredInterval, type Interval, percentileInterval, quantile } from './statistics/interval.js';
export { kendallTau, partialTau } from './statistics/kendall.js';
export { mean } from './statistics/mean.js';
export { onceEach, type Ranked, rankValues, type Weights } from './statistics/ranked.js';
export { type Picking, regret } from './statistics/regret.js';
export { SizeMatchedPairs } from './statistics/size-matched.js';
export { spearmanRho } from './statistics/spearman.js';
export { formatScores } from './table/format-scores.js';
export { readScores, type ScoreTable } from './table/read-scores.js';
export { readTruth, type Truth, type TruthNetwork } from './table/read-truth.js';
export { type DrawRequest, drawNetworks, type Nearness } from './truth/draw-networks.js';
export { layOutTruth, type TruthLayout, type TruthRequest } from './truth/lay-out-truth.js';
export type { DrawnNetwork } from './truth/pool.js';
