export { centredInterval, type Interval, percentileInterval, quantile } from './interval.js';
export { kendallTau, partialTau } from './kendall.js';
export { mean, meanOf } from './mean.js';
export { onceEach, type Ranked, rankValues, type Weights } from './ranked.js';
export { type Picking, regret } from './regret.js';
export { SAME_SIZE, SizeMatchedPairs } from './size-matched.js';
export { spearmanRho } from './spearman.js';
