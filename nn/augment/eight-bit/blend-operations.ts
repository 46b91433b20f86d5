import type { ByteImage } from './byte-image.js';
import { look } from './point-operations.js';

/** `factor × difference` in single precision, as Pillow computes; by the difference + 255. */
const scaled = new Float32Array(511);
const table = new Uint8Array(256);
/** The sum of nine pixels, one of them five times, over 13: rounded, never half way. */
const THIRTEENTH = Uint8Array.from({ length: 13 * 255 + 1 }, (_, sum) => Math.round(sum / 13));

/** Away from black (factor above 1) or towards it. */
export function brightness(image: ByteImage, factor: number): void {
  blendWithConstant(image, 0, factor);
}

/** Away from the image's mean luminance, rounded, or towards it. */
export function contrast(image: ByteImage, factor: number): void {
  blendWithConstant(image, Math.trunc(meanLuminance(image) + 0.5), factor);
}

/** Away from each pixel's luminance or towards it; images that are not of three channels have no colour. */
export function colour({ pixels, channels }: ByteImage, factor: number): void {
  if (channels !== 3) return;
  scaleDifferences(factor);
  for (let at = 0; at < pixels.length; at += 3) {
    const grey = luminance(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!);
    pixels[at] = clip(grey + scaled[pixels[at]! - grey + 255]!);
    pixels[at + 1] = clip(grey + scaled[pixels[at + 1]! - grey + 255]!);
    pixels[at + 2] = clip(grey + scaled[pixels[at + 2]! - grey + 255]!);
  }
}

/** Away from the image smoothed by a 3×3 mask of 1s around a 5, or towards it; the outermost pixels stay. */
export function sharpness(image: ByteImage, factor: number): void {
  const { pixels, spare, height, width, channels } = image;
  scaleDifferences(factor);
  const line = width * channels;
  spare.set(pixels);
  for (let row = 1; row < height - 1; row++) {
    const end = (row + 1) * line - channels;
    for (let at = row * line + channels; at < end; at++) {
      const smooth = smoothed(pixels, at, line, channels);
      spare[at] = clip(smooth + scaled[pixels[at]! - smooth + 255]!);
    }
  }
  image.swap();
}

/** The rounded mean of the 3×3 pixels around one, that one five times. */
function smoothed(pixels: Uint8Array, at: number, line: number, channels: number): number {
  const above = at - line;
  const below = at + line;
  const sum =
    pixels[above - channels]! +
    pixels[above]! +
    pixels[above + channels]! +
    pixels[at - channels]! +
    5 * pixels[at]! +
    pixels[at + channels]! +
    pixels[below - channels]! +
    pixels[below]! +
    pixels[below + channels]!;
  return THIRTEENTH[sum]!;
}

function blendWithConstant(image: ByteImage, base: number, factor: number): void {
  scaleDifferences(factor);
  for (let value = 0; value < 256; value++) table[value] = clip(base + scaled[value - base + 255]!);
  look(image, table);
}

function scaleDifferences(factor: number): void {
  const single = Math.fround(factor);
  for (let at = 0; at < 511; at++) scaled[at] = single * (at - 255);
}

/** In single precision, cut off to a byte. */
function clip(value: number): number {
  const single = Math.fround(value);
  return single <= 0 ? 0 : single >= 255 ? 255 : single;
}

/** Mean over the pixels of the luminance (of the channels' mean, where they are not three). */
function meanLuminance({ pixels, channels }: ByteImage): number {
  let sum = 0;
  if (channels !== 3) {
    for (let at = 0; at < pixels.length; at++) sum += pixels[at]!;
    return sum / pixels.length;
  }
  for (let at = 0; at < pixels.length; at += 3) {
    sum += luminance(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!);
  }
  return sum / (pixels.length / 3);
}

/** ITU-R BT.601 in fixed point, rounded. */
function luminance(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}
