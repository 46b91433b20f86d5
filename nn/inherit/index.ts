/** Networks of the cells that a search has trained: their weights, between the stem and the head of the teacher. */
export { inheritWeights, type TrainedSupernet } from './inherit-weights.js';
export { type InheritedPlan, type InheritedRequest, planInherited } from './plan-inherited.js';
export { type HeritagePlace, requireFit, requireHeritage } from './require-heritage.js';
