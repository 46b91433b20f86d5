import { avgPool, clone, image, type Tensor4D, tidy } from '../tensor.js';

/**
 * Brings feature maps to another height and width: the mean of each window where the new size divides the old one,
 * bilinear between pixel centres elsewhere. x [n, h, w, c] → [n, height, width, c]; a new tensor in every case.
 * Not meant to be differentiated.
 */
export function resizeFeatures(
  x: Tensor4D,
  shape: { readonly height: number; readonly width: number },
): Tensor4D {
  const { height, width } = shape;
  const [, oldHeight, oldWidth] = x.shape;
  if (![height, width].every((extent) => Number.isInteger(extent) && extent >= 1)) {
    throw new RangeError(
      `resizeFeatures: height and width must be whole numbers from 1, not ${height}×${width}.`,
    );
  }
  if (height === oldHeight && width === oldWidth) return clone(x);
  if (oldHeight % height === 0 && oldWidth % width === 0) {
    const window: [number, number] = [oldHeight / height, oldWidth / width];
    return avgPool(x, window, window, 'valid');
  }
  return tidy(() => image.resizeBilinear(x, [height, width], false, true));
}
