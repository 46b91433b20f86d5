export {
  type BlockBoundaries,
  type Boundary,
  boundariesOf,
  boundaryFeatures,
  featureSize,
} from './boundaries.js';
export { resizeFeatures } from './resize-features.js';
