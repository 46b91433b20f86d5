export type { Audit, ConditionalTau, Picks, PredictorAudit, Regret } from './scores/audit.js';
export { PICKS } from './scores/audit.js';
export { type AuditOptions, auditScores, usualResamples } from './scores/audit-scores.js';
export { type BaselineName, PREDICTORS, type PredictorName, type Scores } from './scores/scores.js';
export { NAMES } from './scores/verdict.js';
export * from './statistics/index.js';
export { type DrawRequest, drawNetworks, type Nearness } from './truth/draw-networks.js';
export { layOutTruth, type TruthLayout, type TruthRequest } from './truth/lay-out-truth.js';
export type { DrawnNetwork } from './truth/pool.js';
