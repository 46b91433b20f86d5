export { type ColourJitterOptions, colourJitter } from './colour-jitter.js';
export { type EraseOptions, erase } from './erase.js';
export { flip } from './flip.js';
export { AUGMENT_SCHEMA, type AugmentOptions, createAugmentations } from './from-options.js';
export { openImages } from './image-dataset.js';
export {
  type ImageMemory,
  measureChannels,
  type Normalisation,
  sharedBytes,
  sharedNumbers,
} from './image-memory.js';
export { shift } from './shift.js';
