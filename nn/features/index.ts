export { resizeFeatures } from './resize-features.js';
