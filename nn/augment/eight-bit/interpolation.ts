import type { Affine } from './affine.js';
import type { ByteImage } from './byte-image.js';

/** One row of the result into `spare`, linear between four pixels. Pixels whose source lies outside stay. */
export function bilinearRow(image: ByteImage, [a, b, c, d, e, f]: Affine, y: number): void {
  const { pixels, spare, height, width, channels } = image;
  const line = width * channels;
  for (let x = 0; x < width; x++) {
    const sourceX = a * (x + 0.5) + b * (y + 0.5) + c;
    const sourceY = d * (x + 0.5) + e * (y + 0.5) + f;
    if (!(sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height)) continue;
    const column = Math.floor(sourceX - 0.5);
    const row = Math.floor(sourceY - 0.5);
    const dx = sourceX - 0.5 - column;
    const dy = sourceY - 0.5 - row;
    const left = Math.max(column, 0) * channels;
    const right = Math.min(column + 1, width - 1) * channels;
    const above = Math.max(row, 0) * line;
    const below = Math.min(row + 1, height - 1) * line;
    const to = (y * width + x) * channels;
    for (let channel = 0; channel < channels; channel++) {
      const upper = linear(pixels[above + left + channel]!, pixels[above + right + channel]!, dx);
      const lower = linear(pixels[below + left + channel]!, pixels[below + right + channel]!, dx);
      spare[to + channel] = linear(upper, lower, dy);
    }
  }
}

/** One row of the result into `spare`, by a cubic (a = −1) through sixteen pixels. Pixels whose source lies outside stay. */
export function bicubicRow(image: ByteImage, [a, b, c, d, e, f]: Affine, y: number): void {
  const { pixels, spare, height, width, channels } = image;
  const line = width * channels;
  for (let x = 0; x < width; x++) {
    const sourceX = a * (x + 0.5) + b * (y + 0.5) + c;
    const sourceY = d * (x + 0.5) + e * (y + 0.5) + f;
    if (!(sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height)) continue;
    const column = Math.floor(sourceX - 0.5);
    const row = Math.floor(sourceY - 0.5);
    const dx = sourceX - 0.5 - column;
    const dy = sourceY - 0.5 - row;
    const x0 = Math.max(column - 1, 0) * channels;
    const x1 = Math.max(column, 0) * channels;
    const x2 = Math.min(column + 1, width - 1) * channels;
    const x3 = Math.min(column + 2, width - 1) * channels;
    const y0 = Math.max(row - 1, 0) * line;
    const y1 = Math.max(row, 0) * line;
    const y2 = Math.min(row + 1, height - 1) * line;
    const y3 = Math.min(row + 2, height - 1) * line;
    const to = (y * width + x) * channels;
    for (let channel = 0; channel < channels; channel++) {
      const p0 = x0 + channel;
      const p1 = x1 + channel;
      const p2 = x2 + channel;
      const p3 = x3 + channel;
      // Without an offset the cubic is its second value, exactly: shears and shifts along an axis need one row or column.
      const v1 = cubicOf(pixels, y1, p0, p1, p2, p3, dx);
      let value = v1;
      if (dy !== 0) {
        const v0 = cubicOf(pixels, y0, p0, p1, p2, p3, dx);
        const v2 = cubicOf(pixels, y2, p0, p1, p2, p3, dx);
        const v3 = cubicOf(pixels, y3, p0, p1, p2, p3, dx);
        value = cubic(v0, v1, v2, v3, dy);
      }
      spare[to + channel] = value <= 0 ? 0 : value >= 255 ? 255 : value;
    }
  }
}

function linear(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

// In Pillow's order of sums: results are cut off, and a flat area must come out as it was.
function cubic(v0: number, v1: number, v2: number, v3: number, at: number): number {
  const p2 = -v0 + v2;
  const p3 = 2 * (v0 - v1) + v2 - v3;
  const p4 = -v0 + v1 - v2 + v3;
  return v1 + at * (p2 + at * (p3 + at * p4));
}

function cubicOf(
  pixels: Uint8Array,
  row: number,
  p0: number,
  p1: number,
  p2: number,
  p3: number,
  at: number,
): number {
  return cubic(pixels[row + p0]!, pixels[row + p1]!, pixels[row + p2]!, pixels[row + p3]!, at);
}
