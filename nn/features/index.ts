/** A teacher's feature maps at the boundaries of blocks, and how far another map is from them. */

export { featureSize } from '../module.js';
export {
  type BlockBoundaries,
  type Boundary,
  boundariesOf,
  boundaryFeatures,
} from './boundaries.js';
export { relativeError } from './relative-error.js';
export { resizeFeatures } from './resize-features.js';
export { featureDeviation, featureVariance } from './spread.js';
