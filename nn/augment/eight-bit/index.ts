export type { Interpolation, Resampling } from './affine.js';
export { ByteImage, RAW } from './byte-image.js';
export { turnHue } from './hue.js';
export { IMAGE_OPERATIONS, type ImageOperation, type ImageOperationName } from './image-operations.js';
