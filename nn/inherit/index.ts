/** Networks of the cells that a search has trained: their weights, between the stem and the head of the teacher. */
export { inheritWeights, type TrainedSupernet } from './inherit-weights.js';
export { requireBorders } from './require-borders.js';
