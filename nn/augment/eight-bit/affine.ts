import type { ByteImage } from './byte-image.js';
import { bicubicRow, bilinearRow } from './interpolation.js';

export type Interpolation = 'bilinear' | 'bicubic';

/** How an affine operation reads between pixels and what it puts where the image ends. */
export interface Resampling {
  readonly interpolation: Interpolation;
  /** One byte a channel. */
  readonly fill: ArrayLike<number>;
}

/** Source column and row of a pixel of the result: a·x + b·y + c and d·x + e·y + f, from centre to centre. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Every pixel of the result reads the image where the matrix says. */
export function transform(image: ByteImage, matrix: Affine, { interpolation, fill }: Resampling): void {
  const { height, spare, channels } = image;
  if (fill.length !== channels) {
    throw new RangeError(`A fill of ${channels} bytes was expected, one a channel, not of ${fill.length}.`);
  }
  for (let at = 0; at < spare.length; at += channels) {
    for (let channel = 0; channel < channels; channel++) spare[at + channel] = fill[channel]!;
  }
  const row = interpolation === 'bicubic' ? bicubicRow : bilinearRow;
  for (let y = 0; y < height; y++) row(image, matrix, y);
  image.swap();
}

/** Columns move by `factor` times their row. */
export function shearX(image: ByteImage, factor: number, resampling: Resampling): void {
  transform(image, [1, factor, 0, 0, 1, 0], resampling);
}

/** Rows move by `factor` times their column. */
export function shearY(image: ByteImage, factor: number, resampling: Resampling): void {
  transform(image, [1, 0, 0, factor, 1, 0], resampling);
}

/** To the left by a share of the width. */
export function translateX(image: ByteImage, share: number, resampling: Resampling): void {
  transform(image, [1, 0, share * image.width, 0, 1, 0], resampling);
}

/** Up by a share of the height. */
export function translateY(image: ByteImage, share: number, resampling: Resampling): void {
  transform(image, [1, 0, 0, 0, 1, share * image.height], resampling);
}

/** Around the middle, counter-clockwise, less than 90°. */
export function rotate(image: ByteImage, degrees: number, resampling: Resampling): void {
  if (degrees === 0) return;
  const angle = -((((degrees % 360) + 360) % 360) * Math.PI) / 180;
  const cosine = roundTo15(Math.cos(angle));
  const sine = roundTo15(Math.sin(angle));
  const { width, height } = image;
  const c = cosine * (-width / 2) + sine * (-height / 2) + width / 2;
  const f = -sine * (-width / 2) + cosine * (-height / 2) + height / 2;
  transform(image, [cosine, sine, c, -sine, cosine, f], resampling);
}

/** Pillow rounds to 15 decimals, which keeps right angles exact. */
function roundTo15(value: number): number {
  return Number(value.toFixed(15));
}
