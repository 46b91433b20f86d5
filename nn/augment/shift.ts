import type { Augmentation, FeatureShape } from 'dna-nas/core';

/**
 * Moves the image by −margin…margin pixels in both directions, each offset equally likely; what comes in is 0. The
 * same as padding by `margin` zeros and cropping at random. Draws two values.
 */
export function shift(margin: number): Augmentation {
  if (!Number.isInteger(margin) || margin < 0) {
    throw new RangeError(`shift: a whole number of pixels was expected, not ${margin}.`);
  }
  return {
    name: 'shift',
    apply(pixels, shape, random) {
      const down = random.integer(2 * margin + 1) - margin;
      const right = random.integer(2 * margin + 1) - margin;
      move(pixels, shape, { down, right });
    },
  };
}

/** Row by row, in the order that never reads a row it has already written. */
function move(pixels: Float32Array, shape: FeatureShape, by: { down: number; right: number }): void {
  const { height, width, channels } = shape;
  const line = width * channels;
  const kept = Math.max(0, width - Math.abs(by.right)) * channels;
  const to = Math.min(width, Math.max(0, by.right)) * channels;
  const from = Math.min(width, Math.max(0, -by.right)) * channels;
  for (let step = 0; step < height; step++) {
    const row = by.down > 0 ? height - 1 - step : step;
    const start = row * line;
    const source = row - by.down;
    if (source < 0 || source >= height) {
      pixels.fill(0, start, start + line);
      continue;
    }
    pixels.copyWithin(start + to, source * line + from, source * line + from + kept);
    pixels.fill(0, start, start + to);
    pixels.fill(0, start + to + kept, start + line);
  }
}
