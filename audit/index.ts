export { calibrateRatings, type TrainedNetworks } from './fit/calibrate-ratings.js';
export {
  averageByEvidence,
  type Columns,
  type Hypothesis,
  type Prior,
  type Regression,
} from './fit/evidence.js';
export { type Fit, type FitOptions, type FittedName, type FittedTau, fitScores } from './fit/fit-scores.js';
export { auditRun, type KeptAudit } from './run/audit-run.js';
export { RatedArchitectures } from './run/rated-architectures.js';
export { type RunScoresRequest, readRunScores } from './run/read-run-scores.js';
export type { Audit, ConditionalTau, Picks, PredictorAudit, Regret } from './scores/audit.js';
export { PICKS } from './scores/audit.js';
export { type AuditOptions, auditScores, usualResamples } from './scores/audit-scores.js';
export type { LimitedPick, Limits, NearNetworks } from './scores/limited-pick.js';
export { type BaselineName, PREDICTORS, type PredictorName, type Scores } from './scores/scores.js';
export { NAMES } from './scores/verdict.js';
export * from './statistics/index.js';
export { formatScores } from './table/format-scores.js';
export { readScores, type ScoreTable } from './table/read-scores.js';
export { readTruth, type Truth, type TruthNetwork } from './table/read-truth.js';
export { type DrawRequest, drawNetworks, type Nearness } from './truth/draw-networks.js';
export { layOutTruth, type TruthLayout, type TruthRequest } from './truth/lay-out-truth.js';
export type { DrawnNetwork } from './truth/pool.js';
