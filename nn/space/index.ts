/** Spaces that are made of a table of blocks and functions for their layers. */
export {
  type LayeredBlock,
  type LayeredSpaceOptions,
  type LayerShape,
  layeredSpace,
} from './layered-space.js';
