export { type AutoAugmentOptions, autoAugment } from './auto-augment.js';
export { AUTO_AUGMENT_POLICIES, type AutoAugmentPolicy } from './auto-augment-policies.js';
export { type ColourJitterOptions, colourJitter } from './colour-jitter.js';
export {
  ByteImage,
  IMAGE_OPERATIONS,
  type ImageOperation,
  type ImageOperationName,
  type Interpolation,
  type Resampling,
} from './eight-bit/index.js';
export { type EraseOptions, erase } from './erase.js';
export { dataMismatch } from './errors.js';
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
export { IMAGENET_NORMALISATION } from './imagenet-normalisation.js';
export { LEVELS, type LevelledOperation, type LevelName } from './levels.js';
export { NormalNoise } from './normal-noise.js';
export type { PolicyOptions, PolicyStep } from './policy-runner.js';
export { type RandAugmentOptions, randAugment, randAugmentOperations } from './rand-augment.js';
export { readRandAugment } from './rand-augment-text.js';
export { shift } from './shift.js';
export {
  createSplitMemory,
  type DataNaming,
  type LabelledImages,
  type LabelledSets,
} from './split-memory.js';
export { SPLIT_SCHEMA, type SplitOptions } from './split-options.js';
