export {
  type LayeredBlock,
  type LayeredSpaceOptions,
  type LayerShape,
  layeredSpace,
} from './layered-space.js';
export { requireArchitecture } from './require-architecture.js';
