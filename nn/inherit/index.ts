/** Networks of the cells that a search has trained: their weights, between the stem and the head of the teacher. */
export { type InheritOptions, inheritWeights, type TrainedSupernet } from './inherit-weights.js';
export { type InheritedPlan, type InheritedRequest, planInherited } from './plan-inherited.js';
export { requireCells } from './require-cells.js';
export { type HeritageWorld, requireFit, requireHeritage } from './require-heritage.js';
export { requireSliceable } from './slice/require-sliceable.js';
