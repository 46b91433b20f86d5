import { type Resampling, rotate, shearX, shearY, translateX, translateY } from './affine.js';
import { brightness, colour, contrast, sharpness } from './blend-operations.js';
import type { ByteImage } from './byte-image.js';
import { autoContrast, equalise } from './histogram-operations.js';
import { turnHue } from './hue.js';
import { invert, posterise, solarise, solariseAdd } from './point-operations.js';

/**
 * Changes an image in place. `argument`: degrees, bits, a threshold, a factor or a share, whatever the operation is
 * measured in; operations that read between pixels are told how.
 */
export type ImageOperation = (image: ByteImage, argument: number, resampling: Resampling) => void;

/** The operations of RandAugment and AutoAugment, and `hue`, each computed as Pillow computes it on bytes. */
export const IMAGE_OPERATIONS = Object.freeze({
  'auto-contrast': autoContrast,
  equalise,
  invert,
  rotate,
  posterise,
  solarise,
  'solarise-add': solariseAdd,
  colour,
  contrast,
  brightness,
  sharpness,
  'shear-x': shearX,
  'shear-y': shearY,
  'translate-x': translateX,
  'translate-y': translateY,
  hue: turnHue,
} satisfies Record<string, ImageOperation>);

export type ImageOperationName = keyof typeof IMAGE_OPERATIONS;
