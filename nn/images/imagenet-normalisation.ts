import type { Normalisation } from './image-memory.js';

/** Of ImageNet's training images: what serves for images of three channels whose own statistics nobody said. */
export const IMAGENET_NORMALISATION: Normalisation = Object.freeze({
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
});
