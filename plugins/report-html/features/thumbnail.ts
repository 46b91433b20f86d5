import type { FeatureShape } from 'dna-nas/core/contracts';
import { base64, greatest, least } from './byte-scale.js';
import type { StoredImage } from './maps-file.js';

/**
 * Normalised pixels, stretched to all of black and white and thinned out to a small picture.
 * @param longest most pixels of its longer side
 */
export function thumbnail(
  pixels: Float32Array,
  { height, width, channels }: FeatureShape,
  longest: number,
): StoredImage {
  const step = Math.max(1, Math.ceil(Math.max(height, width) / longest));
  const [rows, columns] = [Math.ceil(height / step), Math.ceil(width / step)];
  const [low, high] = [least(pixels), greatest(pixels)];
  const scale = high > low ? 255 / (high - low) : 0;
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      const from = (row * step * width + (at - row * columns) * step) * channels;
      for (let channel = 0; channel < channels; channel++)
        values.push((pixels[from + channel]! - low) * scale);
    }
  }
  return { height: rows, width: columns, channels, data: base64(values) };
}
