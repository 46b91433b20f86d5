export { compareRuns } from './compare-runs.js';
export { writeComparisonPage } from './comparison-page.js';
export { PRESET_COLUMNS, presetDifferences } from './preset-differences.js';
