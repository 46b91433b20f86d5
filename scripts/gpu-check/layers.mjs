// Shapes of the layers that the method trains and runs, by where they are from.

/** Depthwise convolutions: size of the map, channels, filter, stride. */
export const DEPTHWISE = [
  // EfficientNet-B0, which is the space of the paper's students too.
  { of: 'B0', size: 112, channels: 32, kernel: 3, stride: 1 },
  { of: 'B0', size: 112, channels: 96, kernel: 3, stride: 2 },
  { of: 'B0', size: 56, channels: 144, kernel: 3, stride: 1 },
  { of: 'B0', size: 56, channels: 144, kernel: 5, stride: 2 },
  { of: 'B0', size: 28, channels: 240, kernel: 5, stride: 1 },
  { of: 'B0', size: 14, channels: 672, kernel: 5, stride: 1 },
  { of: 'B0', size: 14, channels: 672, kernel: 5, stride: 2 },
  { of: 'B0', size: 7, channels: 1152, kernel: 3, stride: 1 },
  // EfficientNet-B7.
  { of: 'B7', size: 112, channels: 64, kernel: 3, stride: 1 },
  { of: 'B7', size: 56, channels: 288, kernel: 3, stride: 1 },
  { of: 'B7', size: 28, channels: 480, kernel: 5, stride: 1 },
  { of: 'B7', size: 14, channels: 1344, kernel: 5, stride: 2 },
  { of: 'B7', size: 7, channels: 3840, kernel: 3, stride: 1 },
  // The widest filter of the search space.
  { of: 'k7', size: 112, channels: 96, kernel: 7, stride: 2 },
  { of: 'k7', size: 28, channels: 240, kernel: 7, stride: 1 },
  { of: 'k7', size: 7, channels: 1152, kernel: 7, stride: 1 },
];

/** Convolutions of single pixels: expansions and projections. */
export const POINTWISE = [
  { of: 'B0', size: 112, channels: 16, outputs: 96 },
  { of: 'B0', size: 28, channels: 240, outputs: 40 },
  { of: 'B0', size: 7, channels: 192, outputs: 1152 },
  { of: 'B7', size: 56, channels: 48, outputs: 288 },
  { of: 'B7', size: 14, channels: 960, outputs: 160 },
];

/** First convolutions, on images. */
export const STEMS = [
  { of: 'B0', size: 224, channels: 3, outputs: 32, kernel: 3, stride: 2 },
  { of: 'B7', size: 224, channels: 3, outputs: 64, kernel: 3, stride: 2 },
];

/** Maps that norms, activations and squeeze-and-excitation run on: size and channels. */
export const MAPS = [
  { of: 'B0', size: 112, channels: 96 },
  { of: 'B0', size: 28, channels: 240 },
  { of: 'B0', size: 7, channels: 1152 },
  { of: 'B7', size: 56, channels: 288 },
  { of: 'B7', size: 14, channels: 1344 },
];

/** Whole layers: size of the map, input, inner, squeezed and output channels, filter, stride. */
export const MB_CONVS = [
  { of: 'B0', size: 56, channels: [24, 144, 6, 24], kernel: 3, stride: 1 },
  { of: 'B0', size: 28, channels: [40, 240, 10, 80], kernel: 5, stride: 2 },
  { of: 'B7', size: 14, channels: [160, 960, 40, 160], kernel: 3, stride: 1 },
  { of: 'k7', size: 28, channels: [40, 240, 10, 40], kernel: 7, stride: 1 },
];

/** Pixels of a map after a layer with symmetric padding. */
export function outputSize({ size, kernel, stride }) {
  return Math.floor((size + 2 * ((kernel - 1) / 2) - kernel) / stride) + 1;
}
