/** Spaces that are made of a table of blocks and functions for their layers, and channels of layers in any space. */
export { cellOutput, layerChannels } from './layer-channels.js';
export {
  type LayeredBlock,
  type LayeredSpaceOptions,
  type LayerShape,
  layeredSpace,
} from './layered-space.js';
