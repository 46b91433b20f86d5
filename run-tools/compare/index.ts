export { compareRuns } from './compare-runs.js';
export { writeComparisonPage } from './comparison-page.js';
export { presetDifferences } from './preset-differences.js';
