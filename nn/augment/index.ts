/** Augmentations of images in training, and the options that choose them. */
export { type AutoAugmentOptions, autoAugment } from './auto-augment.js';
export { AUTO_AUGMENT_POLICIES, type AutoAugmentPolicy } from './auto-augment-policies.js';
export { type ColourJitterOptions, colourJitter } from './colour-jitter.js';
export {
  ByteImage,
  IMAGE_OPERATIONS,
  type ImageOperationName,
  type Interpolation,
} from './eight-bit/index.js';
export { type EraseOptions, erase } from './erase.js';
export { flip } from './flip.js';
export { AUGMENT_SCHEMA, type AugmentOptions, createAugmentations } from './from-options.js';
export { LEVELS, type LevelName } from './levels.js';
export type { PolicyOptions, PolicyStep } from './policy-runner.js';
export { type RandAugmentOptions, randAugment, randAugmentOperations } from './rand-augment.js';
export { readRandAugment } from './rand-augment-text.js';
export { shift } from './shift.js';
